using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>The bits of floats as integers and back, by arithmetic: the runtime has no kernel that reinterprets.</summary>
internal static class FloatBits
{
    public static Value Reinterpret(OnnxNode n, OnnxDataType from, OnnxDataType to)
    {
        if (from == OnnxDataType.Float && to is OnnxDataType.Int32 or OnnxDataType.UInt32)
        {
            var bits = ToBits(n.Aten, n.X);
            return to == OnnxDataType.UInt32 ? bits : n.Aten.Cast(bits, ScalarType.Int);
        }
        if (to == OnnxDataType.Float && from is OnnxDataType.Int32 or OnnxDataType.UInt32)
            return FromBits(n.Aten, n.X);
        if (from is OnnxDataType.Int64 or OnnxDataType.UInt64 && to == OnnxDataType.Double)
            return DoubleFromBits(n.Aten, n.X);
        throw n.Unsupported($"the bits of {from} as {to}");
    }

    /// <summary>The 32 bits as an unsigned number in int64. NaNs all become 0x7FC00000.</summary>
    private static Value ToBits(Aten a, Value x)
    {
        var wide = a.Abs(a.Cast(x, ScalarType.Double));
        var exponent = a.Clamp(a.Floor(a.Call("aten::log2", a.Max(wide, a.Number(double.Epsilon * 1e16, wide)))), -126, 127);
        var scale = SmallFloats.PowerOfTwo(a, exponent);
        // log2 may round up to the next integer just below a power of two.
        var low = a.Lt(a.Div(wide, scale), 1);
        var subnormal = a.And(low, a.Le(exponent, -126));
        exponent = a.Where(a.And(low, a.Not(subnormal)), a.Sub(exponent, 1), exponent);
        scale = SmallFloats.PowerOfTwo(a, exponent);
        var mantissa = a.Mul(a.Sub(a.Div(wide, scale), a.Where(subnormal, a.Number(0, wide), a.Number(1, wide))), 8388608);
        var biased = a.Where(subnormal, a.Number(0, wide), a.Add(exponent, 127));
        var bits = a.Add(a.Mul(biased, 8388608), mantissa);
        bits = a.Where(a.Call("aten::isinf", x), 0x7F800000, bits);
        bits = a.Where(a.Call("aten::isnan", x), 0x7FC00000, bits);
        var negative = a.Or(a.Lt(x, 0), a.Lt(a.Call("aten::reciprocal", x), 0));
        return a.Cast(a.Where(negative, a.Add(bits, 2147483648.0), bits), ScalarType.Long);
    }

    private static Value DoubleFromBits(Aten a, Value bits)
    {
        var unit = a.Number(1L << 52, ScalarType.Long);
        var magnitude = a.Call("aten::bitwise_and.Tensor", bits, a.Longs([long.MaxValue]));
        var biased = a.Cast(a.DivFloor(magnitude, unit), ScalarType.Double);
        var mantissa = a.Cast(a.Call("aten::bitwise_and.Tensor", magnitude, a.Longs([(1L << 52) - 1])), ScalarType.Double);
        var subnormal = a.Eq(biased, 0);
        var exponent = a.Sub(a.Max(biased, a.Number(1, biased)), 1023);
        var value = a.Add(a.Mul(mantissa, Math.ScaleB(1, -52)), a.Where(subnormal, a.Number(0, biased), a.Number(1, biased)));
        // In two steps, so that no intermediate power leaves the range.
        var half = a.Floor(a.Mul(exponent, 0.5));
        value = a.Mul(a.Mul(value, SmallFloats.PowerOfTwo(a, half)), SmallFloats.PowerOfTwo(a, a.Sub(exponent, half)));
        value = a.Where(a.Eq(biased, 2047), a.Where(a.Eq(mantissa, 0), a.Number(double.PositiveInfinity, value), a.Number(double.NaN, value)), value);
        return a.Where(a.Lt(bits, 0), a.Neg(value), value);
    }

    private static Value FromBits(Aten a, Value x)
    {
        var bits = a.Call("aten::bitwise_and.Tensor", a.Cast(x, ScalarType.Long), a.Number(uint.MaxValue, ScalarType.Long));
        var negative = a.Ge(bits, 2147483648.0);
        var magnitude = a.Call("aten::bitwise_and.Tensor", bits, a.Number(int.MaxValue, ScalarType.Long));
        var biased = a.Cast(a.DivFloor(magnitude, a.Number(8388608, ScalarType.Long)), ScalarType.Double);
        var mantissa = a.Cast(a.Call("aten::bitwise_and.Tensor", magnitude, a.Number(8388607, ScalarType.Long)), ScalarType.Double);
        var subnormal = a.Eq(biased, 0);
        var scale = SmallFloats.PowerOfTwo(a, a.Sub(a.Max(biased, a.Number(1, biased)), 127));
        var value = a.Mul(scale, a.Add(a.Div(mantissa, 8388608), a.Where(subnormal, a.Number(0, biased), a.Number(1, biased))));
        var special = a.Where(a.Eq(mantissa, 0), a.Number(double.PositiveInfinity, value), a.Number(double.NaN, value));
        value = a.Where(a.Eq(biased, 255), special, value);
        return a.Cast(a.Where(negative, a.Neg(value), value), ScalarType.Float);
    }
}
