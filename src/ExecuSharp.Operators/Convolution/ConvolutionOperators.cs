using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Convolution;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Convolution;

/// <summary>Convolution and its gradients.</summary>
internal static class ConvolutionOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] dilation, bool transposed, SymInt[] output_padding, SymInt groups) -> Tensor")
        {
            OutName = "aten::convolution.out",
            Kernel = Forward,
            Shape = ForwardShape,
        },
        new("aten::convolution_backward(Tensor grad_output, Tensor input, Tensor weight, SymInt[]? bias_sizes, SymInt[] stride, SymInt[] padding, SymInt[] dilation, bool transposed, SymInt[] output_padding, SymInt groups, bool[3] output_mask) -> (Tensor, Tensor, Tensor)")
        {
            OutName = "aten::convolution_backward.out",
            OutCount = 3,
            Kernel = Backward,
            Shape = BackwardShape,
        },
    ];

    private static void Forward(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), weight = args.Tensor(1), output = args.Tensor(9);
        var bias = args.OptionalTensor(2);
        var parameters = ConvolutionArguments.Check(args, 3, input, weight, bias, output);
        KernelChecks.SameDimOrders(input, output);
        parameters.Resize(output);
        if (output.Numel == 0)
            return;
        switch (Compute.Of(input.Type))
        {
            case ScalarType.Float: Forward<float>(args, parameters, input, weight, bias, output); break;
            case ScalarType.Double: Forward<double>(args, parameters, input, weight, bias, output); break;
            default: Forward<long>(args, parameters, input, weight, bias, output); break;
        }
    }

    private static void Forward<T>(in KernelArgs args, in ConvolutionArguments parameters, Tensor input, Tensor weight, Tensor? bias, Tensor output)
        where T : unmanaged, INumberBase<T>
    {
        Values<T> x = Values<T>.Of(args.Context, input), w = Values<T>.Of(args.Context, weight), y = Values<T>.For(args.Context, output);
        var start = bias is null ? default : Values<T>.Of(args.Context, bias);
        if (parameters.Transposed)
            DirectConvolution.Transposed<T>(parameters.Shape, x.Span, w.Span, start.Span, y.Span);
        else if (typeof(T) == typeof(float))
            Convolution2D.Run(args.Context, parameters.Shape, MemoryMarshal.Cast<T, float>(x.Span), MemoryMarshal.Cast<T, float>(w.Span), MemoryMarshal.Cast<T, float>(start.Span), MemoryMarshal.Cast<T, float>(y.Span));
        else
            DirectConvolution.Forward<T>(parameters.Shape, x.Span, w.Span, start.Span, y.Span);
        y.Store(args.Context);
        x.Release();
        w.Release();
        start.Release();
    }

    private static void Backward(in KernelArgs args)
    {
        Tensor gradient = args.Tensor(0), input = args.Tensor(1), weight = args.Tensor(2);
        KernelChecks.Require(!args.Bool(7), "the gradient of a transposed convolution is not supported");
        KernelChecks.Require(weight.Rank == 4, $"weight {weight}, four dimensions are needed");
        KernelChecks.SameType(weight, input);
        KernelChecks.SameType(gradient, input);
        var mask = args[10].AsBools();
        KernelChecks.Require(mask.Length == 3, $"an output mask of {mask.Length}");
        for (int i = 0; i < 3; i++)
            if (mask[i])
                KernelChecks.SameType(args.Tensor(11 + i), input);
        var parameters = ConvolutionArguments.Check(args, 4, input, weight, null, gradient);
        KernelChecks.Require(parameters.OutputSizes(stackalloc int[4]).SequenceEqual(gradient.Sizes), $"a gradient {gradient} of another size");
        if (mask[0])
            KernelChecks.ResizeOut(args.Tensor(11), input.Sizes);
        if (mask[1])
            KernelChecks.ResizeOut(args.Tensor(12), weight.Sizes);
        if (mask[2])
            KernelChecks.ResizeOut(args.Tensor(13), [parameters.Shape.OutChannels]);
        if (Compute.OfFloating(input.Type) == ScalarType.Double)
            Backward<double>(args, parameters.Shape, mask);
        else
            Backward<float>(args, parameters.Shape, mask);
    }

    private static void Backward<T>(in KernelArgs args, in ConvolutionShape shape, ReadOnlySpan<bool> mask) where T : unmanaged, INumberBase<T>
    {
        var context = args.Context;
        Values<T> g = Values<T>.Of(context, args.Tensor(0)), x = Values<T>.Of(context, args.Tensor(1)), w = Values<T>.Of(context, args.Tensor(2));
        if (mask[0])
        {
            var target = Values<T>.For(context, args.Tensor(11));
            DirectConvolution.InputGradient<T>(shape, g.Span, w.Span, target.Span);
            target.Store(context);
        }
        if (mask[1])
        {
            var target = Values<T>.For(context, args.Tensor(12));
            DirectConvolution.WeightGradient<T>(shape, g.Span, x.Span, target.Span);
            target.Store(context);
        }
        if (mask[2])
        {
            var target = Values<T>.For(context, args.Tensor(13));
            DirectConvolution.BiasGradient<T>(shape, g.Span, target.Span);
            target.Store(context);
        }
        g.Release();
        x.Release();
        w.Release();
    }

    private static TensorSpec[] ForwardShape(IReadOnlyList<Argument> args)
    {
        TensorSpec input = args[0].AsSpec(), weight = args[1].AsSpec();
        long[] stride = args[3].AsInts(), padding = args[4].AsInts(), dilation = args[5].AsInts(), extra = args[7].AsInts();
        bool transposed = args[6].AsBool();
        long groups = args[8].AsInt();
        Specs.Require(input.Rank == weight.Rank && input.Rank >= 3, $"convolution of {input} with {weight}");
        Specs.Require(transposed ? input.Sizes[1].Value == weight.Sizes[0].Value : input.Sizes[1].Value == groups * weight.Sizes[1].Value, $"convolution of {input} with {weight} in {groups} groups");
        var sizes = new Dim[input.Rank];
        sizes[0] = input.Sizes[0];
        sizes[1] = transposed ? weight.Sizes[1] * groups : weight.Sizes[0];
        for (int i = 0; i < input.Rank - 2; i++)
        {
            long kernel = weight.Sizes[i + 2].Value;
            long s = WindowParameters.At(stride, i), p = WindowParameters.At(padding, i, 0), d = WindowParameters.At(dilation, i);
            sizes[i + 2] = transposed
                ? ((input.Sizes[i + 2] - 1) * s) + ((d * (kernel - 1)) - (2 * p) + WindowParameters.At(extra, i, 0) + 1)
                : WindowParameters.Windows(input.Sizes[i + 2], kernel, s, p, d, ceil: false);
            Specs.Require(sizes[i + 2].Value > 0, $"convolution of {input} with {weight}");
        }
        return [Specs.Like(input, sizes)];
    }

    private static TensorSpec[] BackwardShape(IReadOnlyList<Argument> args)
    {
        var weight = args[2].AsSpec();
        return [args[1].AsSpec(), weight, new TensorSpec(weight.Type, weight.Sizes[0])];
    }
}
