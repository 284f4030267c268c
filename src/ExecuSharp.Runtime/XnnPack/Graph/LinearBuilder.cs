using System.Runtime.InteropServices;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Quantized;
using ExecuSharp.Runtime.XnnPack.Elementwise;
using ExecuSharp.Runtime.XnnPack.Images;
using ExecuSharp.Runtime.XnnPack.Linear;

namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>Makes fully connected layers and batched products.</summary>
internal sealed class LinearBuilder(ValueTable values, KernelContext context) : NodeBuilder(values)
{
    private const uint TransposeWeights = 1;

    public XnnOperator BatchMatrixMultiply(XnnBinaryNode node)
    {
        XnnTensor a = Value(node.Input1), b = Value(node.Input2), output = Value(node.Output);
        bool transposed = (node.Flags & TransposeWeights) != 0;
        if (a.Type != b.Type || a.Type != output.Type)
            throw Refuse(node, a, b, output);
        return a.Type switch
        {
            XnnDatatype.Fp32 or XnnDatatype.Fp16 => new BatchMatrixMultiplyOperator(a, b, output, transposed),
            XnnDatatype.QInt8 => new BatchCodesOperator(a, b, output, transposed),
            _ => throw Refuse(node, a, b, output),
        };
    }

    public XnnOperator FullyConnected(XnnFullyConnectedNode node)
    {
        XnnTensor input = Value(node.Input), filter = Value(node.Filter), output = Value(node.Output);
        var bias = Optional(node.Bias);
        bool transposed = (node.Flags & TransposeWeights) != 0;
        if (!filter.IsConstant || bias is { IsConstant: false })
            return Dynamic(node, input, filter, bias, output, transposed);
        if (filter.Rank != 2)
            throw Refuse(node, $"a filter of {filter.Rank} dimensions");
        var (n, k) = transposed ? (filter.Sizes[1], filter.Sizes[0]) : (filter.Sizes[0], filter.Sizes[1]);
        if (bias is not null && bias.Numel != n)
            throw Refuse(node, $"a bias of {bias.Numel} for {n} outputs");
        var shape = new FullyConnectedShape(k, n);
        switch (input.Type)
        {
            case XnnDatatype.QDInt8:
                return new CodeProductOperator([DynamicProduct(node, filter, bias, output, n, k, transposed)], k, shape, input, output);
            case XnnDatatype.QInt8:
                return new CodeProductOperator([StaticProduct(node, input, filter, bias, output, n, k, transposed)], k, shape, input, output);
            case XnnDatatype.QUInt8:
                return Unsigned(node, input, filter, bias, output, n, k, transposed, shape);
            default:
                return Float(node, input, filter, bias, output, n, k, transposed, shape);
        }
    }

    private static DynamicWeightsOperator Dynamic(XnnFullyConnectedNode node, XnnTensor input, XnnTensor filter, XnnTensor? bias, XnnTensor output, bool transposed)
    {
        bool fits = input.Type is (XnnDatatype.Fp32 or XnnDatatype.Fp16) && filter.Type == input.Type && output.Type == input.Type
            && (bias is null || bias.Type == input.Type || bias.Type == XnnDatatype.Fp32);
        var (min, max) = Range(node);
        return fits ? new DynamicWeightsOperator(input, filter, bias, output, transposed, min, max) : throw Refuse(node, input, filter, bias, output);
    }

    private FloatProductOperator Float(XnnFullyConnectedNode node, XnnTensor input, XnnTensor filter, XnnTensor? bias, XnnTensor output, int n, int k, bool transposed, FullyConnectedShape shape)
    {
        bool weightOnly = input.Type == XnnDatatype.Fp32 && filter.Type is (XnnDatatype.QCInt8 or XnnDatatype.QCInt4);
        bool fits = weightOnly
            ? output.Type == XnnDatatype.Fp32 && bias is (null or { Type: XnnDatatype.Fp32 }) && !transposed
            : FloatTypes.Fit(input, filter, bias, output, allowBFloat16: true);
        if (!fits)
            throw Refuse(node, input, filter, bias, output);
        float[] offsets = bias is null ? [] : WeightReader.Floats(bias);
        var (min, max) = Range(node);
        FloatWeights packed;
        if (filter.Type == XnnDatatype.Fp32 && !transposed)
        {
            packed = new FloatWeights(context, MemoryMarshal.Cast<byte, float>(filter.Constant.Span)[..filter.Numel], k, n, offsets, min, max);
        }
        else
        {
            float[] weights = weightOnly ? Array.ConvertAll(WeightReader.Codes(filter), c => (float)c) : WeightReader.Floats(filter);
            if (transposed)
                weights = Transpose(weights, k, n);
            if (weightOnly)
                Scale(weights, offsets, WeightReader.Scales(filter, n), k);
            packed = new FloatWeights(context, weights, k, n, offsets, min, max);
        }
        MappedPages.Release(filter.Constant);
        return new FloatProductOperator([packed], k, shape, input, output);
    }

    // XNNPACK multiplies the sum with its bias by the scale.
    private static void Scale(float[] weights, float[] bias, float[] scales, int k)
    {
        for (int i = 0; i < weights.Length; i++)
            weights[i] *= scales[i / k];
        for (int i = 0; i < bias.Length; i++)
            bias[i] *= scales[i];
    }

    private CodeProduct DynamicProduct(XnnFullyConnectedNode node, XnnTensor filter, XnnTensor? bias, XnnTensor output, int n, int k, bool transposed)
    {
        bool four = filter.Type is XnnDatatype.QCInt4 or XnnDatatype.QBInt4;
        bool fits = output.Type is (XnnDatatype.Fp32 or XnnDatatype.Fp16) && bias is (null or { Type: XnnDatatype.Fp32 }) && (four ? !transposed : filter.Type == XnnDatatype.QCInt8);
        if (!fits)
            throw Refuse(node, filter, bias, output);
        var codes = WeightReader.Codes(filter);
        var (min, max) = Range(node);
        float[] offsets = bias is null ? [] : WeightReader.Floats(bias);
        var isa = Int8Isas.For(context.Width, n);
        if (filter.Type == XnnDatatype.QBInt4)
            return new BlockProduct(PackedInt8Matrix.Pack(isa, codes, k, n, k, 1, filter.GroupSize), filter.BlockScales!, filter.GroupSize, offsets, min, max);
        var packed = transposed ? PackedInt8Matrix.Pack(isa, codes, k, n, 1, n) : PackedInt8Matrix.Pack(isa, codes, k, n, k, 1);
        return new DynamicProduct(packed, WeightReader.Scales(filter, n), offsets, min, max);
    }

    private StaticProduct StaticProduct(XnnFullyConnectedNode node, XnnTensor input, XnnTensor filter, XnnTensor? bias, XnnTensor output, int n, int k, bool transposed)
    {
        bool fits = output.Type == XnnDatatype.QInt8 && filter.Type is (XnnDatatype.QInt8 or XnnDatatype.QCInt8 or XnnDatatype.QCInt4) && bias is (null or { Type: XnnDatatype.QInt32 or XnnDatatype.QCInt32 });
        if (!fits || filter.ZeroPoint != 0 || (transposed && filter.Type == XnnDatatype.QCInt4))
            throw Refuse(node, input, filter, bias, output);
        var codes = WeightReader.Codes(filter);
        var isa = Int8Isas.For(context.Width, n);
        var packed = transposed ? PackedInt8Matrix.Pack(isa, codes, k, n, 1, n) : PackedInt8Matrix.Pack(isa, codes, k, n, k, 1);
        var (min, max) = Range(node);
        var (low, high) = CodeRange.Of(output, min, max);
        return new StaticProduct(packed, WeightReader.Requantization(input, filter, output, n), WeightReader.Integers(bias, n), output.ZeroPoint, low, high);
    }

    private static CodesConvolutionOperator Unsigned(XnnFullyConnectedNode node, XnnTensor input, XnnTensor filter, XnnTensor? bias, XnnTensor output, int n, int k, bool transposed, FullyConnectedShape shape)
    {
        if (output.Type != XnnDatatype.QUInt8 || filter.Type != XnnDatatype.QUInt8 || bias is not (null or { Type: XnnDatatype.QInt32 }))
            throw Refuse(node, input, filter, bias, output);
        var weights = WeightReader.Differences(filter);
        var (min, max) = Range(node);
        return new CodesConvolutionOperator(
            shape, false, transposed ? Transpose(weights, k, n) : weights, WeightReader.Integers(bias, n), WeightReader.Requantization(input, filter, output, n), 1, CodeRange.Of(output, min, max), input, output);
    }

    private static T[] Transpose<T>(T[] source, int rows, int columns)
    {
        var result = new T[source.Length];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                result[(c * rows) + r] = source[(r * columns) + c];
        return result;
    }
}
