using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Quantized operators that ONNX Runtime's quantizer writes.</summary>
internal static class MicrosoftQuantizedRows
{
    private const string Domain = "com.microsoft";

    public static IEnumerable<OnnxOperator> Rows =>
    [
        Row("QuantizeLinear", n => (QuantizeRows.Quantize(n, n.X, n.In(1), n.Opt(2), n.Has(2) ? n.Type(2) : OnnxDataType.UInt8), n.Has(2) ? n.Type(2) : OnnxDataType.UInt8)),
        Row("DequantizeLinear", n => (QuantizeRows.Dequantize(n, n.X, n.Type(0), n.In(1), n.Opt(2)), n.Type(1))),
        Row("QLinearAdd", n => Binary(n, n.Aten.Add)),
        Row("QLinearMul", n => Binary(n, n.Aten.Mul)),
        Row("QLinearSigmoid", n => Unary(n, n.Aten.Sigmoid)),
        Row("QLinearLeakyRelu", n => Unary(n, x => n.Aten.Call("aten::leaky_relu", x, (double)n.Float("alpha", 0.01f)))),
        Row("QLinearSoftmax", n => Unary(n, x => n.Aten.Softmax(x, n.Axis(n.Int("axis", n.Int("opset", 13) >= 13 ? -1 : 1), x.Spec.Rank)))),
        Row("QLinearGlobalAveragePool", n => Unary(n, x => n.Flag("channels_last")
            ? n.Aten.Mean(x, [.. Enumerable.Range(1, x.Spec.Rank - 2).Select(i => (long)i)], true)
            : n.Aten.Mean(x, PoolRows.Spatial(x), true))),
        Row("QLinearAveragePool", n => Unary(n, x => n.Flag("channels_last") ? throw n.Unsupported("channels_last") : PoolRows.AveragePool(n, x, Window.Of(n), n.Flag("count_include_pad")))),
        Row("QLinearConcat", Concat),
        Row("QLinearWhere", n => (QuantizeRows.QuantizeTensor(n, n.Aten.Where(n.X, QuantizeRows.PerTensor(n, 1, 2, 3), QuantizeRows.PerTensor(n, 4, 5, 6)), n.In(7), n.Opt(8), n.Type(1)), n.Type(1))),
        Row("QGemm", Gemm),
        Row("DynamicQuantizeMatMul", n => (DynamicProduct(n), OnnxDataType.Float)),
        Row("MatMulIntegerToFloat", n => (IntegerProduct(n), OnnxDataType.Float)),
        Row("MatMulNBits", n => (Blockwise(n), n.Type(0))),
        Row("GatherBlockQuantized", n => (GatherBlocks(n), n.Type(2))),
        Row("NhwcMaxPool", n => (NhwcPool(n), n.Type(0))),
        Row("QLinearConv", Convolution),
        new("DynamicQuantizeLSTM", 1, DynamicLstm) { Domain = Domain },
    ];

    private static OnnxOperator Row(string name, Func<OnnxNode, (Value, OnnxDataType)> translate) =>
        new(name, 1, n => [translate(n) is var (value, type) ? OnnxNode.As(value, type) : null]) { Domain = Domain };

    private static (Value, OnnxDataType) Binary(OnnxNode n, Func<Value, Value, Value> apply) =>
        (QuantizeRows.QuantizeTensor(n, apply(QuantizeRows.PerTensor(n, 0, 1, 2), QuantizeRows.PerTensor(n, 3, 4, 5)), n.In(6), n.Opt(7), n.Type(0)), n.Type(0));

    private static (Value, OnnxDataType) Unary(OnnxNode n, Func<Value, Value> apply) =>
        (QuantizeRows.QuantizeTensor(n, apply(QuantizeRows.PerTensor(n, 0, 1, 2)), n.In(3), n.Opt(4), n.Type(0)), n.Type(0));

    private static (Value, OnnxDataType) Concat(OnnxNode n)
    {
        var parts = new List<Value>();
        for (int i = 2; i + 2 < n.InputCount + 1; i += 3)
            parts.Add(QuantizeRows.PerTensor(n, i, i + 1, i + 2));
        return (QuantizeRows.QuantizeTensor(n, n.Aten.Cat(n.Axis(n.Int("axis"), parts[0].Spec.Rank), [.. parts]), n.In(0), n.Opt(1), n.Type(2)), n.Type(2));
    }

    private static (Value, OnnxDataType) Gemm(OnnxNode n)
    {
        var a = n.Aten;
        Value x = QuantizeRows.PerTensor(n, 0, 1, 2), w = n.In(3);
        bool transposed = n.Flag("transB");
        w = QuantizeRows.PerChannel(n, w, n.Type(3), n.In(4), n.Opt(5), transposed ? 0 : 1);
        if (n.Flag("transA"))
            x = a.Transpose(x, 0, 1);
        var y = a.Call("aten::mm", x, transposed ? a.Transpose(w, 0, 1) : w);
        y = a.Mul(y, n.Float("alpha", 1));
        if (n.Opt(6) is { } bias)
            y = a.Add(y, a.Mul(a.Mul(a.Cast(bias, ScalarType.Float), a.Mul(a.Single(n.In(1)), n.In(4).Spec.MaxNumel == 1 ? a.Single(n.In(4)) : n.In(4))), n.Float("alpha", 1)));
        return n.Has(7) ? (QuantizeRows.QuantizeTensor(n, y, n.In(7), n.Opt(8), n.Type(0)), n.Type(0)) : (y, OnnxDataType.Float);
    }

    private static Value Centered(Aten a, Value x, Value? zero) => zero is null ? a.Cast(x, ScalarType.Int)
        : a.Sub(a.Cast(x, ScalarType.Int), a.Cast(zero.Spec.MaxNumel == 1 ? a.Single(zero) : zero, ScalarType.Int));

    private static Value Flat(Aten a, Value scale) => scale.Spec.MaxNumel == 1 ? a.Single(scale) : scale;

    private static Value DynamicProduct(OnnxNode n)
    {
        var a = n.Aten;
        var (codes, scale, zero) = QuantizeRows.Dynamic(a, n.X);
        var product = a.Cast(MatrixRows.Product(a, Centered(a, codes, zero), Centered(a, n.In(1), n.Opt(3))), ScalarType.Float);
        var y = a.Mul(product, a.Mul(scale, Flat(a, n.In(2))));
        return n.Opt(4) is { } bias ? a.Add(y, bias) : y;
    }

    private static Value IntegerProduct(OnnxNode n)
    {
        var a = n.Aten;
        var product = a.Cast(MatrixRows.Product(a, Centered(a, n.In(0), n.Opt(4)), Centered(a, n.In(1), n.Opt(5))), ScalarType.Float);
        var y = a.Mul(product, a.Mul(Flat(a, n.In(2)), Flat(a, n.In(3))));
        return n.Opt(6) is { } bias ? a.Add(y, bias) : y;
    }

    /// <summary>The codes of packed bytes along the last dimension, low bits first, as floats.</summary>
    private static Value Unpack(Aten a, Value bytes, long bits)
    {
        long[] s = Aten.Sizes(bytes);
        if (bits == 8)
            return a.Cast(bytes, ScalarType.Float);
        var wide = a.Cast(bytes, ScalarType.Int);
        long each = 8 / bits;
        var parts = Enumerable.Range(0, Aten.Count(each)).Select(i => a.Call("aten::bitwise_and.Tensor",
            a.DivFloor(wide, a.Number(1 << (int)(i * bits), ScalarType.Int)), a.Number((1 << (int)bits) - 1, ScalarType.Int)));
        return a.Cast(a.View(a.Stack(s.Length, [.. parts]), [.. s[..^1], s[^1] * each]), ScalarType.Float);
    }

    private static Value Blockwise(OnnxNode n)
    {
        var a = n.Aten;
        long k = n.Int("K"), columns = n.Int("N"), bits = n.Int("bits", 4), block = n.Int("block_size");
        if (bits is not (2 or 4 or 8) || n.Has(4))
            throw n.Unsupported($"{bits} bits, or g_idx");
        long blocks = (k + block - 1) / block;
        // B is [N, blocks, block * bits / 8]; scales and zero points are one for each block.
        var codes = a.View(Unpack(a, n.In(1), bits), columns, blocks, block);
        Value zeros;
        if (n.Opt(3) is not { } given)
            zeros = a.Number(1 << (int)(bits - 1), ScalarType.Float);
        else if (given.Spec.Type.IsFloating())
            zeros = a.View(given, columns, blocks, 1);
        else
        {
            var packed = Unpack(a, a.View(given, columns, given.Spec.MaxNumel / columns), bits);
            zeros = a.View(a.Slice(packed, 1, 0, blocks), columns, blocks, 1);
        }
        var scales = a.Cast(a.View(n.In(2), columns, blocks, 1), ScalarType.Float);
        var weight = a.Slice(a.View(a.Mul(a.Sub(codes, zeros), scales), columns, blocks * block), 1, 0, k);
        var y = MatrixRows.Product(a, n.X, a.Cast(a.Transpose(weight, 0, 1), n.X.Spec.Type));
        return n.Opt(5) is { } bias ? a.Add(y, bias) : y;
    }

    private static Value GatherBlocks(OnnxNode n)
    {
        var a = n.Aten;
        var data = n.X;
        var type = n.Type(0);
        long block = n.Int("block_size", 128), bits = n.Int("bits", 4);
        int rank = data.Spec.Rank, axis = n.Axis(n.Int("gather_axis", 0), rank), along = n.Axis(n.Int("quantize_axis", rank - 1), rank);
        bool packed = type == OnnxDataType.UInt8 && bits == 4;
        var codes = packed ? Unpack(a, data, 4) : a.Cast(data, ScalarType.Float);
        Value Spread(Value v)
        {
            long[] s = Aten.Sizes(v);
            var all = a.View(a.Expand(a.Unsqueeze(v, along + 1), [.. s[..(along + 1)], block, .. s[(along + 1)..]]), [.. s[..along], s[along] * block, .. s[(along + 1)..]]);
            return a.Slice(all, along, 0, Aten.Sizes(codes)[along]);
        }
        if (n.Opt(3) is { } zeros)
            codes = a.Sub(codes, Spread(packed ? Unpack(a, zeros, 4) : a.Cast(zeros, ScalarType.Float)));
        else if (type is OnnxDataType.UInt8)
            codes = a.Sub(codes, 1 << (int)(bits - 1));
        var all = a.Mul(codes, Spread(a.Cast(n.In(2), ScalarType.Float)));
        var index = IndexRows.Positive(a, n.In(1), Aten.Sizes(all)[axis]);
        var picked = a.IndexSelect(all, axis, a.View(index, index.Spec.MaxNumel));
        long[] sizes = Aten.Sizes(all);
        return a.Cast(a.View(picked, [.. sizes[..axis], .. Aten.Sizes(index), .. sizes[(axis + 1)..]]), n.In(2).Spec.Type);
    }

    private static Value NhwcPool(OnnxNode n)
    {
        var a = n.Aten;
        var x = a.Permute(n.X, 0, 3, 1, 2);
        return a.Permute(PoolRows.Max(a, x, Window.Of(n, x)).Values, 0, 2, 3, 1);
    }

    private static (Value, OnnxDataType) Convolution(OnnxNode n)
    {
        var a = n.Aten;
        bool last = n.Flag("channels_last");
        var type = n.Type(7);
        Value x = QuantizeRows.PerTensor(n, 0, 1, 2), w = QuantizeRows.PerChannel(n, n.In(3), n.Type(3), n.In(4), n.Opt(5), 0);
        if (last)
            x = a.Permute(x, 0, 3, 1, 2);
        var bias = n.Opt(8) is { } b ? a.Mul(a.Cast(b, ScalarType.Float), a.Mul(Flat(a, n.In(1)), Flat(a, n.In(4)))) : null;
        var y = ConvolutionRows.Convolution(n, x, w, bias, 0);
        if (last)
            y = a.Permute(y, 0, 2, 3, 1);
        return (QuantizeRows.QuantizeTensor(n, y, n.In(6), n.In(7), type), type);
    }

    /// <summary>Weights are dequantized; inputs and states are rounded to 8 bits with the range that they have, and the products are made in float.</summary>
    private static OnnxValue?[] DynamicLstm(OnnxNode n)
    {
        var a = n.Aten;
        // W is [directions, input, 4 * hidden] and R [directions, hidden, 4 * hidden], each with a scale and zero point for a direction or column.
        Value Weight(int index, int scale, int zero)
        {
            Value Shaped(Value v) => v.Spec.Rank == 2 ? a.Unsqueeze(v, 1) : a.View(v, v.Spec.MaxNumel, 1, 1);
            var centered = a.Sub(a.Cast(n.In(index), ScalarType.Float), a.Cast(Shaped(n.In(zero)), ScalarType.Float));
            return a.Transpose(a.Mul(centered, Shaped(n.In(scale))), 1, 2);
        }
        var inputs = new OnnxValue?[8];
        for (int i = 0; i < 8; i++)
            if (n.Has(i) && i is not (1 or 2))
                inputs[i] = n.Any(i);
        inputs[1] = OnnxNode.Natural(Weight(1, 8, 9));
        inputs[2] = OnnxNode.Natural(Weight(2, 10, 11));
        Value Rounded(Value v)
        {
            var (codes, scale, zero) = QuantizeRows.Dynamic(a, v);
            return a.Mul(a.Sub(a.Cast(codes, ScalarType.Float), a.Cast(zero, ScalarType.Float)), scale);
        }
        return RecurrentRows.DynamicLstm(n.With(inputs), Rounded);
    }
}
