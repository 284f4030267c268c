using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Arithmetic, functions of one variable, bits.</summary>
internal static class ElementwiseRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("Abs", 1, n => n.Aten.Abs(n.X)),
        new("Neg", 1, n => n.Aten.Neg(n.X)),
        new("Floor", 1, n => n.Aten.Floor(n.X)),
        new("Ceil", 1, n => n.Aten.Ceil(n.X)),
        new("Round", 11, n => n.Aten.Round(n.X)),
        new("Sqrt", 1, n => n.Aten.Sqrt(n.X)),
        new("Exp", 1, n => n.Aten.Exp(n.X)),
        new("Log", 1, n => n.Aten.Log(n.X)),
        new("Reciprocal", 1, n => n.Aten.Call("aten::reciprocal", n.X)),
        new("Sign", 9, n => n.Aten.Call("aten::sign", n.X)),
        new("Erf", 9, n => n.Aten.Call("aten::erf", n.X)),
        new("Sin", 7, n => n.Aten.Call("aten::sin", n.X)),
        new("Cos", 7, n => n.Aten.Call("aten::cos", n.X)),
        new("Tan", 7, n => n.Aten.Call("aten::tan", n.X)),
        new("Asin", 7, n => n.Aten.Call("aten::asin", n.X)),
        new("Acos", 7, n => n.Aten.Call("aten::acos", n.X)),
        new("Atan", 7, n => n.Aten.Call("aten::atan", n.X)),
        new("Sinh", 9, n => n.Aten.Call("aten::sinh", n.X)),
        new("Cosh", 9, n => n.Aten.Call("aten::cosh", n.X)),
        new("Asinh", 9, n => n.Aten.Call("aten::asinh", n.X)),
        new("Acosh", 9, n => n.Aten.Call("aten::acosh", n.X)),
        new("Atanh", 9, n => n.Aten.Call("aten::atanh", n.X)),
        new("Add", 1, n => Wrap(n, n.Aten.Add(n.In(0), LegacyBroadcast.Second(n)))),
        new("Sub", 1, n => Wrap(n, n.Aten.Sub(n.In(0), LegacyBroadcast.Second(n)))),
        new("Mul", 1, n => Wrap(n, n.Aten.Mul(n.In(0), LegacyBroadcast.Second(n)))),
        new("Div", 1, n => n.X.Spec.Type.IsFloating() ? n.Aten.Div(n.In(0), LegacyBroadcast.Second(n)) : n.Aten.DivTrunc(n.In(0), LegacyBroadcast.Second(n))),
        new("Pow", 1, Power),
        new("Mod", 10, n => n.Flag("fmod") ? n.Aten.Fmod(n.In(0), n.In(1)) : n.Aten.Remainder(n.In(0), n.In(1))),
        new("Max", 6, n => Fold(n, n.Aten.Max)),
        new("Min", 6, n => Fold(n, n.Aten.Min)),
        new("Sum", 6, n => Fold(n, n.Aten.Add)),
        new("Mean", 6, n => n.Aten.Div(Fold(n, n.Aten.Add), n.InputCount)),
        new("Clip", (6, n => [n.Same(ClipAttributes(n))]), (11, n => [n.Same(ClipInputs(n))])),
        new("BitwiseAnd", 18, n => n.Aten.Call("aten::bitwise_and.Tensor", n.In(0), n.In(1))),
        new("BitwiseOr", 18, n => n.Aten.Call("aten::bitwise_or.Tensor", n.In(0), n.In(1))),
        new("BitwiseXor", 18, n => n.Aten.Call("aten::bitwise_xor.Tensor", n.In(0), n.In(1))),
        new("BitwiseNot", 18, n => Wrap(n, n.Aten.Call("aten::bitwise_not", n.X))),
        new("BitShift", 11, Shift),
    ];

    /// <summary>Brings the result of unsigned arithmetic in a wider carrier back into the type's range.</summary>
    public static Value Wrap(OnnxNode n, Value value) => Wrap(n.Aten, value, n.Type(0));

    public static Value Wrap(Aten a, Value value, OnnxDataType type) => type switch
    {
        OnnxDataType.UInt16 => a.Call("aten::bitwise_and.Tensor", value, a.Number(ushort.MaxValue, value)),
        OnnxDataType.UInt32 => a.Call("aten::bitwise_and.Tensor", value, a.Number(uint.MaxValue, value)),
        OnnxDataType.UInt4 or OnnxDataType.UInt2 => a.Call("aten::bitwise_and.Tensor", value, a.Number(ElementTypes.Range(type).Max, value)),
        OnnxDataType.Int4 or OnnxDataType.Int2 => a.Sub(a.Call("aten::bitwise_and.Tensor",
            a.Add(value, -ElementTypes.Range(type).Min), a.Number((2 * ElementTypes.Range(type).Max) + 1, value)), -ElementTypes.Range(type).Min),
        _ => value,
    };

    private static Value Fold(OnnxNode n, Func<Value, Value, Value> combine) => n.All().Aggregate(combine);

    private static Value Power(OnnxNode n)
    {
        var exponent = n.Known(1);
        var result = exponent is { Numel: 1, Rank: 0 } && n.X.Spec.Type.IsFloating()
            ? n.Aten.Pow(n.X, Values.Doubles(exponent)[0])
            : n.Aten.Pow(n.In(0), LegacyBroadcast.Second(n));
        return n.Aten.Cast(result, n.X.Spec.Type);
    }

    private static Value Shift(OnnxNode n) => n.Required("direction").Text switch
    {
        "LEFT" => Wrap(n, Shift(n, "aten::bitwise_left_shift.Tensor", n.In(0), n.In(1), signFills: false)),
        "RIGHT" => Shift(n, "aten::bitwise_right_shift.Tensor", n.In(0), n.In(1), signFills: ElementTypes.Range(n.Type(0)).Min < 0),
        var other => throw n.Bad("direction LEFT or RIGHT", other),
    };

    // Shifts by the type's width or more, or by less than zero, move all bits out.
    private static Value Shift(OnnxNode n, string op, Value x, Value by, bool signFills)
    {
        var a = n.Aten;
        int width = n.Type(0).Bits();
        if (a.ConstantOf(by) is { } known && Values.Longs(known).All(s => s >= 0 && s < width))
            return a.Call(op, x, by);
        var inside = a.And(a.Ge(by, 0), a.Lt(by, width));
        var shifted = a.Call(op, x, a.Where(inside, by, width - 1));
        return signFills ? shifted : a.Where(inside, shifted, 0);
    }

    private static Value ClipAttributes(OnnxNode n)
    {
        float min = n.Float("min", float.MinValue), max = n.Float("max", float.MaxValue);
        return n.Aten.ClampTo(n.X, min, max);
    }

    private static Value ClipInputs(OnnxNode n)
    {
        var x = n.X;
        if (!n.Has(1) && !n.Has(2))
            return x;
        bool known = (!n.Has(1) || n.Known(1) is not null) && (!n.Has(2) || n.Known(2) is not null);
        if (known)
            return n.Aten.Call("aten::clamp", x, Bound(n, 1), Bound(n, 2));
        if (n.Opt(1) is { } min)
            x = n.Aten.Max(x, min);
        return n.Opt(2) is { } max ? n.Aten.Min(x, max) : x;
    }

    private static Argument Bound(OnnxNode n, int index) => n.Known(index) is not { } t ? Argument.None
        : t.Type.IsFloating() ? (Argument)Values.Doubles(t)[0] : (Argument)Values.Longs(t)[0];
}
