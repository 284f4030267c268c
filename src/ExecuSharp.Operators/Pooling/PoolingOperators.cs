using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pooling;

/// <summary>Mean and maximum over windows.</summary>
internal static class PoolingOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor")
        {
            OutName = "aten::avg_pool2d.out",
            Kernel = Average,
            Shape = args => [PoolingWindows.Shape(args, 1, -1, 4)],
        },
        new("aten::_adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor")
        {
            OutName = "aten::_adaptive_avg_pool2d.out",
            Kernel = Adaptive,
            Shape = AdaptiveShape,
        },
        new("aten::max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)")
        {
            OutName = "aten::max_pool2d_with_indices.out",
            OutCount = 2,
            Kernel = Maximum,
            Shape = MaximumShape,
        },
        new("aten::max_pool2d_with_indices_backward(Tensor grad_output, Tensor self, int[2] kernel_size, int[2] stride, int[2] padding, int[2] dilation, bool ceil_mode, Tensor indices) -> Tensor")
        {
            OutName = "aten::max_pool2d_with_indices_backward.grad_input",
            Kernel = MaximumBackward,
            Shape = Specs.SameAsSecond,
        },
    ];

    private static void Average(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(7);
        KernelChecks.SameType(input, output);
        var windows = PoolingWindows.Check(args, 1, -1, 4, input);
        long? divisor = args.OptionalInt(6);
        KernelChecks.Require(divisor != 0, "a divisor of 0");
        KernelChecks.SameDimOrders(input, output);
        KernelChecks.ContiguousOrder(input);
        windows.Resize(input, output);
        switch (TypeForMean(input))
        {
            case ScalarType.Float: Average<float>(args, windows, input, output, divisor); break;
            case ScalarType.Double: Average<double>(args, windows, input, output, divisor); break;
            default: Average<long>(args, windows, input, output, divisor); break;
        }
    }

    private static void Average<T>(in KernelArgs args, PoolingWindows w, Tensor input, Tensor output, long? divisor) where T : unmanaged, INumber<T>
    {
        Values<T> x = Values<T>.Of(args.Context, input), y = Values<T>.For(args.Context, output);
        bool padded = args.Bool(5);
        int at = 0;
        for (int plane = 0; plane < w.Planes; plane++)
            for (int oy = 0; oy < w.OutHeight; oy++)
                for (int ox = 0; ox < w.OutWidth; ox++, at++)
                {
                    int y0 = (oy * w.StrideY) - w.PadY, x0 = (ox * w.StrideX) - w.PadX;
                    int y1 = Math.Min(y0 + w.KernelY, w.Height + w.PadY), x1 = Math.Min(x0 + w.KernelX, w.Width + w.PadX);
                    long count = (long)(y1 - y0) * (x1 - x0);
                    (y0, x0, y1, x1) = (Math.Max(y0, 0), Math.Max(x0, 0), Math.Min(y1, w.Height), Math.Min(x1, w.Width));
                    T sum = T.Zero;
                    for (int iy = y0; iy < y1; iy++)
                        for (int ix = x0; ix < x1; ix++)
                            sum += x.Span[(((plane * w.Height) + iy) * w.Width) + ix];
                    if (!padded)
                        count = (long)Math.Max(y1 - y0, 0) * Math.Max(x1 - x0, 0);
                    y.Span[at] = count == 0 ? T.Zero : sum / T.CreateTruncating(divisor ?? count);
                }
        y.Store(args.Context);
        x.Release();
    }

    private static void Adaptive(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(2);
        var size = args.Ints(1);
        KernelChecks.SameType(input, output);
        PoolingWindows.CheckInput(input);
        KernelChecks.Require(size.Length == 2 && size[0] is > 0 and <= int.MaxValue && size[1] is > 0 and <= int.MaxValue, $"an output size of [{string.Join(", ", size.ToArray())}]");
        KernelChecks.SameDimOrders(input, output);
        KernelChecks.ContiguousOrder(input);
        Span<int> sizes = stackalloc int[input.Rank];
        input.Sizes.CopyTo(sizes);
        sizes[^2] = (int)size[0];
        sizes[^1] = (int)size[1];
        KernelChecks.ResizeOut(output, sizes);
        switch (TypeForMean(input))
        {
            case ScalarType.Double: Adaptive<double>(args, input, output); break;
            case ScalarType.Float: Adaptive<float>(args, input, output); break;
            default: Adaptive<long>(args, input, output); break;
        }
    }

    // All types are summed in float32, as in the official kernel.
    private static void Adaptive<T>(in KernelArgs args, Tensor input, Tensor output) where T : unmanaged, INumber<T>
    {
        Values<T> x = Values<T>.Of(args.Context, input), y = Values<T>.For(args.Context, output);
        int height = input.Sizes[^2], width = input.Sizes[^1], outHeight = output.Sizes[^2], outWidth = output.Sizes[^1];
        int at = 0;
        for (int plane = 0; plane < (int)(input.Numel / height / width); plane++)
            for (int oy = 0; oy < outHeight; oy++)
                for (int ox = 0; ox < outWidth; ox++, at++)
                {
                    var (y0, y1) = AdaptiveRange(oy, outHeight, height);
                    var (x0, x1) = AdaptiveRange(ox, outWidth, width);
                    float sum = 0;
                    for (int iy = y0; iy < y1; iy++)
                        for (int ix = x0; ix < x1; ix++)
                            sum = (float)(sum + double.CreateTruncating(x.Span[(((plane * height) + iy) * width) + ix]));
                    y.Span[at] = T.CreateTruncating(sum / ((long)(y1 - y0) * (x1 - x0)));
                }
        y.Store(args.Context);
        x.Release();
    }

    private static (int From, int To) AdaptiveRange(long index, int count, int size) =>
        ((int)(index * size / count), (int)((((index + 1) * size) + count - 1) / count));

    private static void Maximum(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(6), indices = args.Tensor(7);
        KernelChecks.SameType(input, output);
        KernelChecks.Require(indices.Type == ScalarType.Long, $"indices of type {indices.Type.Name()}");
        if (!KernelChecks.IsChannelsLast(output))
            KernelChecks.ContiguousOrder(output);
        var windows = PoolingWindows.Check(args, 1, 4, 5, input);
        windows.Resize(input, output);
        windows.Resize(input, indices);
        switch (Compute.Of(input.Type))
        {
            case ScalarType.Float: Maximum<float>(args, windows, input, output, indices); break;
            case ScalarType.Double: Maximum<double>(args, windows, input, output, indices); break;
            default: Maximum<long>(args, windows, input, output, indices); break;
        }
    }

    // A NaN wins only as the first element of its window, as in the official kernel.
    private static void Maximum<T>(in KernelArgs args, PoolingWindows w, Tensor input, Tensor output, Tensor indices) where T : unmanaged, INumber<T>
    {
        Values<T> x = Values<T>.Of(args.Context, input), y = Values<T>.For(args.Context, output);
        var places = Values<long>.For(args.Context, indices);
        int at = 0;
        for (int plane = 0; plane < w.Planes; plane++)
        {
            var values = x.Span.Slice(plane * w.Height * w.Width, w.Height * w.Width);
            for (int oy = 0; oy < w.OutHeight; oy++)
                for (int ox = 0; ox < w.OutWidth; ox++, at++)
                {
                    int best = -1;
                    for (int ky = 0; ky < w.KernelY; ky++)
                    {
                        int iy = (oy * w.StrideY) + (ky * w.DilationY) - w.PadY;
                        if ((uint)iy >= (uint)w.Height)
                            continue;
                        for (int kx = 0; kx < w.KernelX; kx++)
                        {
                            int ix = (ox * w.StrideX) + (kx * w.DilationX) - w.PadX;
                            int place = (iy * w.Width) + ix;
                            if ((uint)ix < (uint)w.Width && (best < 0 || values[place] > values[best]))
                                best = place;
                        }
                    }
                    y.Span[at] = best < 0 ? T.Zero : values[best];
                    places.Span[at] = Math.Max(best, 0);
                }
        }
        y.Store(args.Context);
        places.Store(args.Context);
        x.Release();
    }

    private static void MaximumBackward(in KernelArgs args)
    {
        Tensor gradient = args.Tensor(0), input = args.Tensor(1), indices = args.Tensor(7), target = args.Tensor(8);
        KernelChecks.SameType(gradient, input);
        KernelChecks.SameType(target, input);
        KernelChecks.Require(indices.Type == ScalarType.Long, $"indices of type {indices.Type.Name()}");
        var windows = PoolingWindows.Check(args, 2, 5, 6, input);
        KernelChecks.Require(gradient.Rank == input.Rank && gradient.Sizes[..^2].SequenceEqual(input.Sizes[..^2]) && gradient.Sizes[^2] == windows.OutHeight && gradient.Sizes[^1] == windows.OutWidth, $"a gradient {gradient} of another size");
        KernelChecks.Require(indices.Numel == gradient.Numel, $"indices {indices} for a gradient {gradient}");
        KernelChecks.ResizeOut(target, input.Sizes);
        if (Compute.OfFloating(input.Type) == ScalarType.Double)
            MaximumBackward<double>(args, windows, gradient, indices, target);
        else
            MaximumBackward<float>(args, windows, gradient, indices, target);
    }

    private static void MaximumBackward<T>(in KernelArgs args, PoolingWindows w, Tensor gradient, Tensor indices, Tensor target) where T : unmanaged, INumber<T>
    {
        Values<T> g = Values<T>.Of(args.Context, gradient), y = Values<T>.For(args.Context, target);
        var places = Values<long>.Of(args.Context, indices);
        y.Span.Clear();
        int plane = w.Height * w.Width;
        for (int i = 0; i < g.Span.Length; i++)
        {
            long place = places.Span[i];
            if (place == -1)
                continue;
            KernelChecks.Require(place >= 0 && place < plane, $"index {place} in a plane of {plane}");
            y.Span[(i / (w.OutHeight * w.OutWidth) * plane) + (int)place] += g.Span[i];
        }
        y.Store(args.Context);
        g.Release();
        places.Release();
    }

    private static ScalarType TypeForMean(Tensor input)
    {
        KernelChecks.Require(input.Type.IsFloating() || input.Type == ScalarType.Long, $"no kernel for elements of type {input.Type.Name()}");
        return Compute.Of(input.Type);
    }

    private static TensorSpec[] AdaptiveShape(IReadOnlyList<Argument> args)
    {
        var input = args[0].AsSpec();
        Specs.Require(input.Rank is 3 or 4, $"pooling of {input}");
        var size = args[1].AsDims();
        return [Specs.Like(input, [.. input.Sizes[..^2], size[0], size[^1]])];
    }

    private static TensorSpec[] MaximumShape(IReadOnlyList<Argument> args)
    {
        var output = PoolingWindows.Shape(args, 1, 4, 5);
        return [output, output with { Type = ScalarType.Long }];
    }
}
