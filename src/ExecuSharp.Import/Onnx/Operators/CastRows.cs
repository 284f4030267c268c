using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Conversions between element types.</summary>
internal static class CastRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("Cast", 6, n => [Cast(n, (OnnxDataType)n.Int("to"))]),
        new("CastLike", 15, n => [Cast(n, n.Type(1))]),
        new("BitCast", 26, n => [BitCast(n, (OnnxDataType)n.Int("to"))]),
    ];

    private static OnnxValue Cast(OnnxNode n, OnnxDataType to)
    {
        if (!to.IsKnown())
            throw n.Bad("a data type from 1 to 26", $"{(int)to}");
        return OnnxNode.As(Convert(n.Aten, n.X, n.Type(0), to, n.Flag("saturate", true), n.Text("round_mode", "up")), to);
    }

    /// <summary>Converts elements as ONNX's Cast does.</summary>
    public static Value Convert(Aten a, Value x, OnnxDataType from, OnnxDataType to, bool saturate = true, string roundMode = "up")
    {
        var carrier = ElementTypes.Carrier(to) ?? throw new OnnxUnsupportedException($"a conversion to {to}");
        if (from == to)
            return x;
        if (to == OnnxDataType.Bool)
            return a.Ne(x, 0);
        if (ElementTypes.IsSmallFloat(to))
            return SmallFloats.Round(a, a.Cast(x, ScalarType.Float), to, saturate, roundMode);
        if (x.Spec.Type.IsFloating() && ElementTypes.IsWidened(to))
            return ElementwiseRows.Wrap(a, a.Cast(a.Cast(x, ScalarType.Long), carrier), to);
        // To bytes by way of a wide integer: a float outside the range wraps instead of being undefined.
        if (x.Spec.Type.IsFloating() && carrier is ScalarType.Byte or ScalarType.Char or ScalarType.Short)
            return a.Cast(a.Cast(x, ScalarType.Int), carrier);
        return ElementwiseRows.Wrap(a, a.Cast(x, carrier), to);
    }

    private static OnnxValue BitCast(OnnxNode n, OnnxDataType to)
    {
        var from = n.Type(0);
        if (from.Bits() != to.Bits())
            throw n.Bad($"a type of {from.Bits()} bits", $"{to}");
        var carrier = ElementTypes.Carrier(to);
        if (n.Known(0) is { } known && carrier == known.Type)
            return OnnxNode.As(n.X, to);
        if (ElementTypes.IsFloating(from) == ElementTypes.IsFloating(to) && !ElementTypes.IsFloating(from) && carrier is { } type)
            return OnnxNode.As(ElementwiseRows.Wrap(n.Aten, n.Aten.Cast(n.X, type), to), to);
        if (n.Known(0) is { } bits && carrier is { } target && target.SizeOf() == bits.Type.SizeOf())
            return OnnxNode.As(n.Aten.Constant(new Tensor(target, bits.Sizes, bits.Storage)), to);
        return OnnxNode.As(FloatBits.Reinterpret(n, from, to), to);
    }
}
