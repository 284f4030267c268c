using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Softmax and its relatives. Before opset 13 everything from the axis on is one row.</summary>
internal static class SoftmaxRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        Row("Softmax", (a, x, axis) => a.Softmax(x, axis)),
        Row("LogSoftmax", (a, x, axis) => a.LogSoftmax(x, axis)),
        Row("Hardmax", Hardmax),
    ];

    private static OnnxOperator Row(string name, Func<Aten, Value, int, Value> apply) => new(name,
        (1, n => [n.Same(Flat(n, apply))]),
        (13, n => [n.Same(apply(n.Aten, n.X, n.Axis(n.Int("axis", -1), n.Rank())))]));

    private static Value Flat(OnnxNode n, Func<Aten, Value, int, Value> apply)
    {
        var x = n.X;
        int axis = n.Int("axis", 1) == x.Spec.Rank ? x.Spec.Rank : n.Axis(n.Int("axis", 1), x.Spec.Rank);
        if (axis == x.Spec.Rank - 1)
            return apply(n.Aten, x, axis);
        var flat = n.Aten.View(x, [Aten.Product(x.Spec.Sizes[..axis]), Aten.Product(x.Spec.Sizes[axis..])]);
        return n.Aten.View(apply(n.Aten, flat, 1), x.Spec.Sizes);
    }

    private static Value Hardmax(Aten a, Value x, int axis)
    {
        var best = a.Call("aten::argmax", x, axis, true);
        long[] shape = [.. Enumerable.Repeat(1L, x.Spec.Rank)];
        shape[axis] = x.Spec.Sizes[axis].Value;
        var positions = a.View(a.Constant(Aten.Indices(shape[axis])), shape);
        return a.Cast(a.Eq(best, positions), x.Spec.Type);
    }
}
