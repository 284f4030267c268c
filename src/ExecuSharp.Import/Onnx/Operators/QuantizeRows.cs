using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Quantization: pairs of quantized_decomposed operators where the parameters are known, and float operators between them.</summary>
internal static class QuantizeRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("QuantizeLinear", 10, n => [QuantizeNode(n)]),
        new("DequantizeLinear", 10, n => [DequantizeNode(n)]),
        new("DynamicQuantizeLinear", 11, DynamicQuantize),
        new("QLinearConv", 10, n => [QLinearConv(n)]),
        new("QLinearMatMul", 10, n => [QLinearMatMul(n)]),
    ];

    private static OnnxValue QuantizeNode(OnnxNode n)
    {
        var type = n.Has(2) ? n.Type(2) : n.Attribute("output_dtype") is { Int: > 0 } a ? (OnnxDataType)a.Int : OnnxDataType.UInt8;
        return OnnxNode.As(Quantize(n, n.X, n.In(1), n.Opt(2), type), type);
    }

    private static OnnxValue DequantizeNode(OnnxNode n)
    {
        var result = n.Attribute("output_dtype") is { Int: > 0 } a ? (OnnxDataType)a.Int : n.Type(1);
        var target = ElementTypes.Carrier(result) ?? throw n.Bad("a float type", $"{result}");
        return OnnxNode.As(n.Aten.Cast(Dequantize(n, n.X, n.Type(0), n.In(1), n.Opt(2)), target), result);
    }

    /// <summary>Quantizes with the node's axis and block_size.</summary>
    public static Value Quantize(OnnxNode n, Value x, Value scale, Value? zero, OnnxDataType type)
    {
        var a = n.Aten;
        var carrier = ElementTypes.Carrier(type) ?? throw n.Bad("an integer or small float type", $"{type}");
        bool single = scale.Spec.MaxNumel == 1;
        int axis = single ? 0 : n.Axis(n.Int("axis", 1), x.Spec.Rank);
        if (ElementTypes.IsSmallFloat(type))
        {
            var wide = a.Cast(x, ScalarType.Float);
            return SmallFloats.Round(a, a.Div(wide, a.Cast(Spread(n, x, scale, axis, single), ScalarType.Float)), type, n.Flag("saturate", true), "up");
        }
        var (min, max) = ElementTypes.Range(type);
        bool blocked = n.Int("block_size", 0) > 0 && !single;
        // The runtime's quantize multiplies by the reciprocal of the scale, which moves exact halves; averages are divided.
        if (!blocked && !a.Builder.Averages.Contains(x) && x.Spec.Type == ScalarType.Float && scale.Spec.Type == ScalarType.Float && Parameters(a, scale, zero) is { } p)
            return single
                ? a.Call("quantized_decomposed::quantize_per_tensor", x, p.Scales[0], p.Zeros[0], min, max, carrier)
                : a.Call("quantized_decomposed::quantize_per_channel", x, a.View(a.Cast(scale, ScalarType.Double), p.Scales.Length), a.Constant(p.Zeros), axis, min, max, carrier);
        // Division and rounding half to even in the input's type, as the standard says; the zero point is added after rounding.
        var work = x.Spec.Type == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
        var precision = x.Spec.Type.IsFloating() ? x.Spec.Type : scale.Spec.Type;
        var ratio = a.DivExactly(a.Cast(x, precision), a.Cast(Spread(n, x, scale, axis, single), precision));
        var code = a.Round(a.Cast(ratio, work));
        if (zero is not null)
            code = a.Add(code, a.Cast(Spread(n, x, zero, axis, single), work));
        return a.Cast(a.Cast(a.Clamp(code, min, max), ScalarType.Int), carrier);
    }

    public static Value Dequantize(OnnxNode n, Value x, OnnxDataType type, Value scale, Value? zero)
    {
        var a = n.Aten;
        bool single = scale.Spec.MaxNumel == 1;
        int axis = single ? 0 : n.Axis(n.Int("axis", 1), x.Spec.Rank);
        bool blocked = n.Int("block_size", 0) > 0 && !single;
        if (!blocked && !ElementTypes.IsFloating(type) && x.Spec.Type is ScalarType.Byte or ScalarType.Char or ScalarType.Short or ScalarType.Int
            && scale.Spec.Type == ScalarType.Float && Parameters(a, scale, zero) is { } p)
        {
            var (min, max) = ElementTypes.Range(type);
            return single
                ? a.Call("quantized_decomposed::dequantize_per_tensor", x, p.Scales[0], p.Zeros[0], min, max, x.Spec.Type)
                : a.Call("quantized_decomposed::dequantize_per_channel", x, a.View(scale, p.Scales.Length), a.Constant(p.Zeros), axis, min, max, x.Spec.Type);
        }
        var work = scale.Spec.Type.IsReducedFloating() ? ScalarType.Float : scale.Spec.Type;
        var code = a.Cast(x, work);
        if (zero is not null)
            code = a.Sub(code, a.Cast(Spread(n, x, zero, axis, single), work));
        return a.Mul(code, a.Cast(Spread(n, x, scale, axis, single), work));
    }

    private static (double[] Scales, long[] Zeros)? Parameters(Aten a, Value scale, Value? zero)
    {
        if (a.ConstantOf(scale) is not { } scales)
            return null;
        double[] s = Values.Doubles(scales);
        if (zero is null)
            return (s, new long[s.Length]);
        return a.ConstantOf(zero) is { } zeros ? (s, Values.Longs(zeros)) : null;
    }

    /// <summary>A parameter in a shape that broadcasts over the tensor: for an axis, or repeated over blocks along it.</summary>
    private static Value Spread(OnnxNode n, Value x, Value parameter, int axis, bool single)
    {
        var a = n.Aten;
        if (single)
            return a.Single(parameter);
        int rank = x.Spec.Rank;
        long block = n.Int("block_size", 0);
        if (block == 0)
        {
            long[] shape = [.. Enumerable.Repeat(1L, rank)];
            shape[axis] = parameter.Spec.MaxNumel;
            return a.View(parameter, shape);
        }
        long[] sizes = Aten.Sizes(parameter);
        var repeated = a.Expand(a.Unsqueeze(parameter, axis + 1), [.. sizes[..(axis + 1)], block, .. sizes[(axis + 1)..]]);
        var all = a.View(repeated, [.. sizes[..axis], sizes[axis] * block, .. sizes[(axis + 1)..]]);
        return a.Slice(all, axis, 0, Aten.Sizes(x)[axis]);
    }

    private static OnnxValue?[] DynamicQuantize(OnnxNode n)
    {
        var (codes, scale, zero) = Dynamic(n.Aten, n.X);
        return [OnnxNode.As(codes, OnnxDataType.UInt8), OnnxNode.As(scale, OnnxDataType.Float), OnnxNode.As(zero, OnnxDataType.UInt8)];
    }

    /// <summary>Unsigned 8-bit codes with the range of the tensor, which is made to hold zero.</summary>
    public static (Value Codes, Value Scale, Value Zero) Dynamic(Aten a, Value x)
    {
        long[] all = [.. Enumerable.Range(0, x.Spec.Rank).Select(i => (long)i)];
        Value Extreme(Value v) => all.Length == 0 ? x : v;
        var max = a.Max(Extreme(a.Amax(x, all, false)), a.Number(0, x));
        var min = a.Min(Extreme(a.Amin(x, all, false)), a.Number(0, x));
        var scale = a.Div(a.Sub(max, min), 255);
        var zero = a.Clamp(a.Round(a.DivExactly(a.Neg(min), a.Where(a.Eq(scale, 0), 1, scale))), 0, 255);
        var codes = a.Clamp(a.Add(a.Round(a.DivExactly(x, a.Where(a.Eq(scale, 0), 1, scale))), zero), 0, 255);
        return (a.Cast(codes, ScalarType.Byte), scale, a.Cast(zero, ScalarType.Byte));
    }

    private static OnnxValue QLinearConv(OnnxNode n)
    {
        var a = n.Aten;
        var (y, type) = (default(Value), n.Type(7));
        Value x = PerTensor(n, 0, 1, 2), w = PerChannel(n, n.In(3), n.Type(3), n.In(4), n.Opt(5), 0);
        Value? bias = null;
        if (n.Opt(8) is { } b)
        {
            var scale = a.Mul(a.Single(n.In(1)), n.In(4).Spec.MaxNumel == 1 ? a.Single(n.In(4)) : n.In(4));
            bias = a.Mul(a.Cast(b, ScalarType.Float), scale);
        }
        y = ConvolutionRows.Convolution(n, x, w, bias, 0);
        return OnnxNode.As(QuantizeTensor(n, y, n.In(6), n.In(7), type), type);
    }

    private static OnnxValue QLinearMatMul(OnnxNode n)
    {
        var a = n.Aten;
        Value x = PerRow(n, 0, 1, 2), y = PerChannel(n, n.In(3), n.Type(3), n.In(4), n.Opt(5), n.In(3).Spec.Rank - 1);
        var type = n.Type(7);
        return OnnxNode.As(QuantizeTensor(n, MatrixRows.Product(a, x, y), n.In(6), n.In(7), type), type);
    }

    /// <summary>Dequantizes an input with one scale.</summary>
    public static Value PerTensor(OnnxNode n, int x, int scale, int zero) => PerChannel(n, n.In(x), n.Type(x), n.In(scale), n.Opt(zero), 0);

    private static Value PerRow(OnnxNode n, int x, int scale, int zero) => PerChannel(n, n.In(x), n.Type(x), n.In(scale), n.Opt(zero), Math.Max(0, n.In(x).Spec.Rank - 2));

    /// <summary>Dequantizes with one scale, or one for each index of an axis.</summary>
    public static Value PerChannel(OnnxNode n, Value x, OnnxDataType type, Value scale, Value? zero, int axis)
    {
        var a = n.Aten;
        var (min, max) = ElementTypes.Range(type);
        if (scale.Spec.Type == ScalarType.Float && Parameters(a, scale, zero) is { } p)
            return p.Scales.Length == 1
                ? a.Call("quantized_decomposed::dequantize_per_tensor", x, p.Scales[0], p.Zeros[0], min, max, x.Spec.Type)
                : a.Call("quantized_decomposed::dequantize_per_channel", x, a.View(scale, p.Scales.Length), a.Constant(p.Zeros.Length == 1 ? [.. Enumerable.Repeat(p.Zeros[0], p.Scales.Length)] : p.Zeros), axis, min, max, x.Spec.Type);
        Value Shaped(Value v)
        {
            if (v.Spec.MaxNumel == 1)
                return a.Single(v);
            if (v.Spec.Rank > 1)
                return v;
            long[] shape = [.. Enumerable.Repeat(1L, x.Spec.Rank)];
            shape[axis] = v.Spec.MaxNumel;
            return a.View(v, shape);
        }
        var code = a.Cast(x, ScalarType.Float);
        if (zero is not null)
            code = a.Sub(code, a.Cast(Shaped(zero), ScalarType.Float));
        return a.Mul(code, a.Cast(Shaped(scale), ScalarType.Float));
    }

    /// <summary>Quantizes with one scale, or with one for each row of the last but one dimension.</summary>
    public static Value QuantizeTensor(OnnxNode n, Value y, Value scale, Value? zero, OnnxDataType type)
    {
        var a = n.Aten;
        var (min, max) = ElementTypes.Range(type);
        var carrier = ElementTypes.Carrier(type) ?? throw n.Bad("an integer type", $"{type}");
        if (scale.Spec.Type == ScalarType.Float && Parameters(a, scale, zero) is { Scales.Length: 1 } p)
            return a.Call("quantized_decomposed::quantize_per_tensor", y, p.Scales[0], p.Zeros[0], min, max, carrier);
        Value Shaped(Value v) => v.Spec.MaxNumel == 1 ? a.Single(v) : v.Spec.Rank == 1 ? a.View(v, v.Spec.MaxNumel, 1) : v;
        var code = a.Round(a.DivExactly(y, a.Cast(Shaped(scale), y.Spec.Type)));
        if (zero is not null)
            code = a.Add(code, a.Cast(Shaped(zero), y.Spec.Type));
        return a.Cast(a.Cast(a.Clamp(code, min, max), ScalarType.Int), carrier);
    }
}
