using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Layout;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Quantized;

/// <summary>Quantized integers to numbers: (q - zero point) * scale in float32.</summary>
internal static class DequantizeOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("quantized_decomposed::dequantize_per_tensor(Tensor input, float scale, int zero_point, int quant_min, int quant_max, ScalarType dtype, *, ScalarType? out_dtype=None) -> Tensor")
        {
            OutName = "quantized_decomposed::dequantize_per_tensor.out",
            Kernel = (in KernelArgs args) => PerTensor(args, args.Double(1), args.Int(2)),
            Shape = args => Shape(args, 6),
        },
        new("quantized_decomposed::dequantize_per_tensor.tensor(Tensor input, Tensor scale, Tensor zero_point, int quant_min, int quant_max, ScalarType dtype, *, ScalarType? out_dtype=None) -> Tensor")
        {
            OutName = "quantized_decomposed::dequantize_per_tensor.Tensor_out",
            Kernel = PerTensorOfTensors,
            Shape = args => Shape(args, 6),
        },
        new("quantized_decomposed::dequantize_per_channel(Tensor input, Tensor scales, Tensor? zero_points, int axis, int quant_min, int quant_max, ScalarType dtype, *, ScalarType? out_dtype=None) -> Tensor")
        {
            OutName = "quantized_decomposed::dequantize_per_channel.out",
            Kernel = PerChannel,
            Shape = args => Shape(args, 7),
        },
        new("quantized_decomposed::dequantize_per_token(Tensor input, Tensor scales, Tensor zero_points, int quant_min, int quant_max, ScalarType dtype, ScalarType output_dtype) -> Tensor")
        {
            OutName = "quantized_decomposed::dequantize_per_token.out",
            Kernel = PerToken,
            Shape = args => Shape(args, 6),
        },
    ];

    private static void PerTensorOfTensors(in KernelArgs args)
    {
        Tensor scale = args.Tensor(1), zeroPoint = args.Tensor(2);
        QuantizeOperators.CheckOne(scale, zeroPoint);
        PerTensor(args, scale.Span<double>()[0], zeroPoint.Span<long>()[0]);
    }

    private static void PerTensor(in KernelArgs args, double scale, long zeroPoint)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(7);
        KernelChecks.ResizeOut(output, input.Sizes);
        QuantizedElements.CheckDequantize(input, args.Int(3), args.Int(4), args.Int(5), args.OptionalInt(6), output);
        Span<int> values = stackalloc int[QuantizedElements.Block];
        Span<float> result = stackalloc float[QuantizedElements.Block];
        for (int first = 0; first < input.Numel; first += values.Length)
        {
            int count = (int)Math.Min(values.Length, input.Numel - first);
            QuantizedElements.Read(input, first, values[..count]);
            for (int i = 0; i < count; i++)
                result[i] = unchecked(values[i] - (int)zeroPoint) * (float)scale;
            ElementBlocks.Store<float>(result[..count], output, first);
        }
    }

    private static void PerChannel(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(8);
        int axis = LayoutCopy.Dim(input, args.Int(3));
        KernelChecks.Require(input.Rank > 0, "a zero-dimensional input");
        KernelChecks.ResizeOut(output, input.Sizes);
        int block = 1;
        for (int d = axis + 1; d < input.Rank; d++)
            block *= input.Sizes[d];
        Blocks(args, 4, args.OptionalInt(7), input, output, input.Sizes[axis], block);
    }

    private static void PerToken(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(7);
        KernelChecks.Require(input.Rank > 0, "a zero-dimensional input");
        KernelChecks.ResizeOut(output, input.Sizes);
        int size = input.Sizes[^1];
        Blocks(args, 3, args.OptionalInt(6), input, output, size == 0 ? 0 : (int)(input.Numel / size), size);
    }

    private static void Blocks(in KernelArgs args, int first, long? outDtype, Tensor input, Tensor output, int channels, int block)
    {
        var scales = args.Tensor(1);
        var zeroPoints = args.OptionalTensor(2);
        long min = args.Int(first), max = args.Int(first + 1), dtype = args.Int(first + 2);
        KernelChecks.Require(scales.Numel == channels, $"scales {scales} for {channels} channels");
        KernelChecks.Require(zeroPoints is null || (zeroPoints.Type is ScalarType.Int or ScalarType.Long && zeroPoints.Numel == channels), $"zero points {zeroPoints} for {channels} channels");
        QuantizedElements.CheckDequantize(input, min, max, dtype, outDtype, output);
        using var rented = new Scratch<int>(channels);
        var zeros = rented.Span;
        zeros.Clear();
        if (zeroPoints is not null)
            ElementBlocks.Load(zeroPoints, 0, 1, zeros);
        bool checkZeros = input.Type == ScalarType.Char && output.Type == ScalarType.Float && input.IsContiguousOrder;
        foreach (int zero in zeros)
            KernelChecks.Require(!checkZeros || (zero >= min && zero <= max), $"zero point {zero} outside [{min}, {max}]");
        // The official kernel rounds the difference to the output's type first where the input is a vector of its channels.
        bool roundFirst = input.Rank == 1 && output.Type == ScalarType.Half;
        Span<int> values = stackalloc int[QuantizedElements.Block];
        Span<float> result = stackalloc float[QuantizedElements.Block];
        for (int at = 0; at < input.Numel; at += values.Length)
        {
            int count = (int)Math.Min(values.Length, input.Numel - at);
            QuantizedElements.Read(input, at, values[..count]);
            for (int i = 0; i < count; i++)
            {
                int channel = (at + i) / block % channels;
                float difference = unchecked(values[i] - zeros[channel]);
                result[i] = (roundFirst ? (float)(Half)difference : difference) * QuantizedElements.Scale(scales, channel);
            }
            ElementBlocks.Store<float>(result[..count], output, at);
        }
    }

    private static TensorSpec[] Shape(IReadOnlyList<Argument> args, int outDtype) => [args[0].AsSpec() with { Type = Specs.TypeOr(args[outDtype], ScalarType.Float) }];
}
