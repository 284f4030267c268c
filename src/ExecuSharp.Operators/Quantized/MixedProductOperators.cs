using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Linear;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Quantized;

/// <summary>Products of numbers with int8 weights, and the sum of quantized tensors.</summary>
internal static class MixedProductOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("quantized_decomposed::mixed_mm(Tensor input, Tensor weight, Tensor weight_scales, Tensor? weight_zero_points) -> Tensor")
        {
            OutName = "quantized_decomposed::mixed_mm.out",
            Kernel = MixedMm,
            Shape = args => [new TensorSpec(args[0].AsSpec().Type, args[0].AsSpec().Sizes[0], args[1].AsSpec().Sizes[1])],
        },
        new("quantized_decomposed::mixed_linear(Tensor input, Tensor weight, Tensor weight_scales, Tensor? weight_zero_points, ScalarType? dtype=None) -> Tensor")
        {
            OutName = "quantized_decomposed::mixed_linear.out",
            Kernel = MixedLinear,
            Shape = args => [new TensorSpec(Specs.TypeOr(args[4], args[0].AsSpec().Type), args[0].AsSpec().Sizes[0], args[1].AsSpec().Sizes[0])],
        },
        new("quantized_decomposed::add(Tensor a, float a_scale, int a_zero_point, int a_quant_min, int a_quant_max, Tensor b, float b_scale, int b_zero_point, int b_quant_min, int b_quant_max, float out_scale, int out_zero_point, int out_quant_min, int out_quant_max) -> Tensor")
        {
            OutName = "quantized_decomposed::add.out",
            Kernel = Add,
            Shape = Specs.SameAsFirst,
        },
    ];

    private static void MixedMm(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), weight = args.Tensor(1), scales = args.Tensor(2), output = args.Tensor(4);
        Check(input, weight, scales, args.OptionalTensor(3), output);
        KernelChecks.SameType(input, output);
        KernelChecks.Require(scales.Rank == 1 && input.Sizes[1] == weight.Sizes[0] && scales.Sizes[0] == weight.Sizes[0], $"input {input}, weight {weight}, scales {scales}");
        KernelChecks.ResizeOut(output, [input.Sizes[0], weight.Sizes[1]]);
        int k = weight.Sizes[0], n = weight.Sizes[1];
        var factors = Values<float>.Of(args.Context, scales);
        using var rented = new Scratch<float>((int)weight.Numel);
        var numbers = rented.Span;
        var codes = weight.Span<sbyte>();
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = codes[i] * factors.Span[i / n];
        Product(args, input, numbers, false, n, k, output);
        factors.Release();
    }

    private static void MixedLinear(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), weight = args.Tensor(1), scales = args.Tensor(2), output = args.Tensor(5);
        Check(input, weight, scales, args.OptionalTensor(3), output);
        KernelChecks.Require(scales.Rank is 1 or 2 && input.Sizes[1] == weight.Sizes[1] && scales.Sizes[0] == weight.Sizes[0], $"input {input}, weight {weight}, scales {scales}");
        if (args.OptionalInt(4) is { } dtype)
            KernelChecks.Require(dtype == (long)output.Type && output.Type is ScalarType.Float or ScalarType.Half, $"an output of type {output.Type.Name()}");
        KernelChecks.Require(output.Type is ScalarType.Float or ScalarType.Half or ScalarType.Double, $"an output of type {output.Type.Name()}");
        KernelChecks.ResizeOut(output, [input.Sizes[0], weight.Sizes[0]]);
        int n = weight.Sizes[0], k = weight.Sizes[1], groups = scales.Rank == 2 ? scales.Sizes[1] : 1;
        KernelChecks.Require(groups > 0, "no groups");
        int group = Math.Max((k + groups - 1) / groups, 1);
        var factors = Values<float>.Of(args.Context, scales);
        using var rented = new Scratch<float>((int)weight.Numel);
        var numbers = rented.Span;
        var codes = weight.Span<sbyte>();
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = codes[i] * factors.Span[(i / k * groups) + (i % k / group)];
        Product(args, input, numbers, true, n, k, output);
        factors.Release();
    }

    private static void Product(in KernelArgs args, Tensor input, ReadOnlySpan<float> weight, bool transposed, int n, int k, Tensor output)
    {
        Values<float> x = Values<float>.Of(args.Context, input), y = Values<float>.For(args.Context, output);
        Products.Run<float>(args.Context, input.Sizes[0], n, k, x.Span, weight, transposed, y.Span);
        y.Store(args.Context);
        x.Release();
    }

    private static void Check(Tensor input, Tensor weight, Tensor scales, Tensor? zeroPoints, Tensor output)
    {
        KernelChecks.Require(input.Rank == 2 && weight.Rank == 2 && output.Rank == 2, $"input {input}, weight {weight}");
        KernelChecks.Require(weight.Type == ScalarType.Char, $"a weight of type {weight.Type.Name()}");
        KernelChecks.Require(input.Type is ScalarType.Float or ScalarType.Half, $"an input of type {input.Type.Name()}");
        KernelChecks.SameType(input, scales);
        KernelChecks.Require(zeroPoints is null, "zero points are not supported");
    }

    private static void Add(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), b = args.Tensor(5), output = args.Tensor(14);
        KernelChecks.SameType(a, b);
        KernelChecks.SameType(a, output);
        KernelChecks.Require(a.Type is ScalarType.Byte or ScalarType.Char && a.Sizes.SequenceEqual(b.Sizes), $"the sum of {a} and {b}");
        KernelChecks.ResizeOut(output, a.Sizes);
        Span<int> x = stackalloc int[QuantizedElements.Block], y = stackalloc int[QuantizedElements.Block];
        Span<long> result = stackalloc long[QuantizedElements.Block];
        float first = (float)args.Double(1), second = (float)args.Double(6), inverse = 1f / (float)args.Double(10);
        for (int at = 0; at < a.Numel; at += result.Length)
        {
            int count = (int)Math.Min(result.Length, a.Numel - at);
            QuantizedElements.Read(a, at, x[..count]);
            QuantizedElements.Read(b, at, y[..count]);
            for (int i = 0; i < count; i++)
            {
                float sum = ((x[i] - (int)args.Int(2)) * first) + ((y[i] - (int)args.Int(7)) * second);
                result[i] = QuantizedElements.Quantize(inverse, (int)args.Int(11), sum, args.Int(12), args.Int(13));
            }
            QuantizedElements.Write(result[..count], output, at);
        }
    }
}
