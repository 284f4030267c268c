using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Layout;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Quantized;

/// <summary>Numbers to quantized integers.</summary>
internal static class QuantizeOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("quantized_decomposed::quantize_per_tensor(Tensor input, float scale, int zero_point, int quant_min, int quant_max, ScalarType dtype) -> Tensor")
        {
            OutName = "quantized_decomposed::quantize_per_tensor.out",
            Kernel = (in KernelArgs args) => PerTensor(args, args.Double(1), args.Int(2)),
            Shape = args => [args[0].AsSpec() with { Type = args[5].AsScalarType() }],
        },
        new("quantized_decomposed::quantize_per_tensor.tensor(Tensor input, Tensor scale, Tensor zero_point, int quant_min, int quant_max, ScalarType dtype) -> Tensor")
        {
            OutName = "quantized_decomposed::quantize_per_tensor.Tensor_out",
            Kernel = PerTensorOfTensors,
            Shape = args => [args[0].AsSpec() with { Type = args[5].AsScalarType() }],
        },
        new("quantized_decomposed::quantize_per_channel(Tensor input, Tensor scales, Tensor zero_points, int axis, int quant_min, int quant_max, ScalarType dtype) -> Tensor")
        {
            OutName = "quantized_decomposed::quantize_per_channel.out",
            Kernel = PerChannel,
            Shape = args => [args[0].AsSpec() with { Type = args[6].AsScalarType() }],
        },
        new("quantized_decomposed::quantize_per_token(Tensor input, Tensor scales, Tensor zero_points, int quant_min, int quant_max, ScalarType dtype) -> Tensor")
        {
            OutName = "quantized_decomposed::quantize_per_token.out",
            Kernel = PerToken,
            Shape = args => [args[0].AsSpec() with { Type = args[5].AsScalarType() }],
        },
    ];

    private static void PerTensorOfTensors(in KernelArgs args)
    {
        Tensor scale = args.Tensor(1), zeroPoint = args.Tensor(2);
        CheckOne(scale, zeroPoint);
        PerTensor(args, scale.Span<double>()[0], zeroPoint.Span<long>()[0]);
    }

    /// <summary>A Double scale and a Long zero point of one element each.</summary>
    internal static void CheckOne(Tensor scale, Tensor zeroPoint)
    {
        KernelChecks.Require(scale.Type == ScalarType.Double && scale.Numel == 1, $"a scale {scale}");
        KernelChecks.Require(zeroPoint.Type == ScalarType.Long && zeroPoint.Numel == 1, $"a zero point {zeroPoint}");
    }

    private static void PerTensor(in KernelArgs args, double scale, long zeroPoint)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(6);
        KernelChecks.ResizeOut(output, input.Sizes);
        QuantizedElements.CheckQuantize(input, args.Int(3), args.Int(4), args.Int(5), output);
        Run(input, output, [scale], [zeroPoint], Math.Max((int)input.Numel, 1), args.Int(3), args.Int(4));
    }

    private static void PerChannel(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(7);
        KernelChecks.ResizeOut(output, input.Sizes);
        int axis = LayoutCopy.Dim(input, args.Int(3));
        int block = 1;
        for (int d = axis + 1; d < input.Rank; d++)
            block *= input.Sizes[d];
        Blocks(args, 4, input, output, input.Rank == 0 ? 1 : input.Sizes[axis], block);
    }

    private static void PerToken(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(6);
        KernelChecks.Require(input.Rank >= 1, "a zero-dimensional input");
        KernelChecks.ResizeOut(output, input.Sizes);
        int size = input.Sizes[^1];
        Blocks(args, 3, input, output, size == 0 ? 0 : (int)(input.Numel / size), size);
    }

    private static void Blocks(in KernelArgs args, int first, Tensor input, Tensor output, int channels, int block)
    {
        Tensor scales = args.Tensor(1), zeroPoints = args.Tensor(2);
        long min = args.Int(first), max = args.Int(first + 1);
        KernelChecks.Require(scales.Type == ScalarType.Double && scales.Numel == channels, $"scales {scales} for {channels} channels");
        KernelChecks.Require(zeroPoints.Type == ScalarType.Long && zeroPoints.Numel == channels, $"zero points {zeroPoints} for {channels} channels");
        QuantizedElements.CheckQuantize(input, min, max, args.Int(first + 2), output);
        Run(input, output, scales.Span<double>(), zeroPoints.Span<long>(), block, min, max);
    }

    private static void Run(Tensor input, Tensor output, ReadOnlySpan<double> scales, ReadOnlySpan<long> zeroPoints, int block, long min, long max)
    {
        Span<double> values = stackalloc double[QuantizedElements.Block];
        Span<long> result = stackalloc long[QuantizedElements.Block];
        for (int first = 0; first < input.Numel; first += values.Length)
        {
            int count = (int)Math.Min(values.Length, input.Numel - first);
            ElementBlocks.Load(input, first, 1, values[..count]);
            for (int i = 0; i < count; i++)
            {
                int channel = (first + i) / block % scales.Length;
                float inverse = 1f / (float)scales[channel];
                double value = input.Type == ScalarType.Double ? values[i] * inverse : (float)values[i] * inverse;
                result[i] = QuantizedElements.Quantize(1, unchecked((int)zeroPoints[channel]), value, min, max);
            }
            QuantizedElements.Write(result[..count], output, first);
        }
    }
}
