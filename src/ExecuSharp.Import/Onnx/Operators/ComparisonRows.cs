using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Comparisons and logic.</summary>
internal static class ComparisonRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("Equal", 1, n => n.Aten.Eq(n.In(0), LegacyBroadcast.Second(n))),
        new("Less", 1, n => n.Aten.Lt(n.In(0), LegacyBroadcast.Second(n))),
        new("LessOrEqual", 12, n => n.Aten.Le(n.In(0), n.In(1))),
        new("Greater", 1, n => n.Aten.Gt(n.In(0), LegacyBroadcast.Second(n))),
        new("GreaterOrEqual", 12, n => n.Aten.Ge(n.In(0), n.In(1))),
        new("And", 1, n => n.Aten.And(n.In(0), LegacyBroadcast.Second(n))),
        new("Or", 1, n => n.Aten.Or(n.In(0), LegacyBroadcast.Second(n))),
        new("Xor", 1, n => n.Aten.Xor(n.In(0), LegacyBroadcast.Second(n))),
        new("Not", 1, n => n.Aten.Not(n.X)),
        new("IsNaN", 9, n => [OnnxNode.Natural(n.Aten.Call("aten::isnan", n.X))]),
        new("IsInf", 10, n => [OnnxNode.Natural(IsInfinite(n))]),
        new("Where", 9, n => [new OnnxValue.OfTensor(n.Aten.Where(n.In(0), n.In(1), n.In(2)), n.Type(1))]),
    ];

    private static Value IsInfinite(OnnxNode n)
    {
        bool negative = n.Flag("detect_negative", true), positive = n.Flag("detect_positive", true);
        var x = n.X;
        return (negative, positive) switch
        {
            (true, true) => n.Aten.Call("aten::isinf", x),
            (true, false) => n.Aten.Eq(x, double.NegativeInfinity),
            (false, true) => n.Aten.Eq(x, double.PositiveInfinity),
            _ => n.Aten.And(n.Aten.Eq(x, x), n.Aten.Not(n.Aten.Eq(x, x))),
        };
    }
}
