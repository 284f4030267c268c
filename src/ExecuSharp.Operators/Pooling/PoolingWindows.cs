using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Convolution;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pooling;

/// <summary>The checked windows of a pooling operator over the last two dimensions.</summary>
internal readonly record struct PoolingWindows(
    int Planes, int Height, int Width, int OutHeight, int OutWidth,
    int KernelY, int KernelX, int StrideY, int StrideX, int PadY, int PadX, int DilationY, int DilationX)
{
    /// <summary>Checks as the official kernels do.</summary>
    /// <param name="args">The call.</param>
    /// <param name="first">Position of kernel_size, with stride and padding after it.</param>
    /// <param name="dilations">Position of dilation, or -1.</param>
    /// <param name="ceil">Position of ceil_mode.</param>
    /// <param name="input">Input.</param>
    public static PoolingWindows Check(in KernelArgs args, int first, int dilations, int ceil, Tensor input)
    {
        ReadOnlySpan<long> kernel = args.Ints(first), stride = args.Ints(first + 1), padding = args.Ints(first + 2);
        var dilation = dilations < 0 ? default : args.Ints(dilations);
        CheckInput(input);
        WindowParameters.Check("kernel_size", kernel, 2, 1);
        WindowParameters.Check("stride", stride, 2, 1, mayBeEmpty: true);
        WindowParameters.Check("padding", padding, 2, 0);
        WindowParameters.Check("dilation", dilation, 2, 1, mayBeEmpty: true);
        for (int i = 0; i < padding.Length; i++)
            KernelChecks.Require(padding[i] <= WindowParameters.At(kernel, i) / 2, $"padding {padding[i]} is more than half of the kernel size {WindowParameters.At(kernel, i)}");
        Span<long> counts = stackalloc long[2];
        for (int i = 0; i < 2; i++)
        {
            long k = WindowParameters.At(kernel, i);
            counts[i] = WindowParameters.Windows(input.Sizes[input.Rank - 2 + i], k, WindowParameters.At(stride, i, k), WindowParameters.At(padding, i, 0), WindowParameters.At(dilation, i), args.Bool(ceil));
            KernelChecks.Require(counts[i] > 0, $"an output size of {counts[i]}");
        }
        int kernelY = (int)WindowParameters.At(kernel, 0), kernelX = (int)WindowParameters.At(kernel, 1);
        return new PoolingWindows(
            input.Rank == 4 ? input.Sizes[0] * input.Sizes[1] : input.Sizes[0], input.Sizes[^2], input.Sizes[^1], (int)counts[0], (int)counts[1],
            kernelY, kernelX, (int)WindowParameters.At(stride, 0, kernelY), (int)WindowParameters.At(stride, 1, kernelX),
            (int)WindowParameters.At(padding, 0, 0), (int)WindowParameters.At(padding, 1, 0),
            (int)WindowParameters.At(dilation, 0), (int)WindowParameters.At(dilation, 1));
    }

    /// <summary>Three or four dimensions, none empty but the first of four; contiguous or channels-last.</summary>
    public static void CheckInput(Tensor input)
    {
        if (!KernelChecks.IsChannelsLast(input))
            KernelChecks.ContiguousOrder(input);
        bool fits = input.Rank is 3 or 4;
        for (int i = Math.Max(input.Rank - 3, 0); i < input.Rank; i++)
            fits &= input.Sizes[i] > 0;
        KernelChecks.Require(fits, $"an input {input}");
    }

    /// <summary>Gives an output its sizes.</summary>
    public void Resize(Tensor input, Tensor output)
    {
        Span<int> sizes = stackalloc int[input.Rank];
        input.Sizes.CopyTo(sizes);
        sizes[^2] = OutHeight;
        sizes[^1] = OutWidth;
        KernelChecks.ResizeOut(output, sizes);
    }

    /// <summary>The output at compile time.</summary>
    public static TensorSpec Shape(IReadOnlyList<Argument> args, int first, int dilations, int ceil)
    {
        var input = args[0].AsSpec();
        long[] kernel = args[first].AsInts(), stride = args[first + 1].IsNone ? [] : args[first + 1].AsInts(), padding = args[first + 2].AsInts();
        long[] dilation = dilations < 0 ? [] : args[dilations].AsInts();
        Specs.Require(input.Rank is 3 or 4, $"pooling of {input}");
        var sizes = (Dim[])input.Sizes.Clone();
        for (int i = 0; i < 2; i++)
        {
            long k = WindowParameters.At(kernel, i);
            int d = input.Rank - 2 + i;
            sizes[d] = WindowParameters.Windows(sizes[d], k, WindowParameters.At(stride, i, k), WindowParameters.At(padding, i, 0), WindowParameters.At(dilation, i), args[ceil].AsBool());
            Specs.Require(sizes[d].Value > 0, $"pooling of {input} with windows of {k}");
        }
        return Specs.Like(input, sizes);
    }
}
