using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Pointwise;

/// <summary>Differences of neighbours and products of vectors.</summary>
internal static class DifferenceDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::diff(Tensor self, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None) -> Tensor", Difference),
        Many("aten::gradient.scalarint(Tensor self, *, Scalar? spacing=None, int? dim=None, int edge_order=1) -> Tensor[]",
            (b, a) => Gradient(b, a[0].AsValue(), a[2].IsNone ? All(a[0]) : [a[2].AsInt()], _ => a[1].IsNone ? 1.0 : a[1], a[3].AsInt())),
        Many("aten::gradient.scalararray(Tensor self, *, Scalar spacing, int[] dim, int edge_order=1) -> Tensor[]",
            (b, a) => Gradient(b, a[0].AsValue(), a[2].AsInts(), _ => a[1], a[3].AsInt())),
        Many("aten::gradient.array(Tensor self, *, int[] dim, int edge_order=1) -> Tensor[]", (b, a) => Gradient(b, a[0].AsValue(), a[1].AsInts(), _ => 1.0, a[2].AsInt())),
        Many("aten::gradient.scalarrayint(Tensor self, *, Scalar[] spacing, int? dim=None, int edge_order=1) -> Tensor[]",
            (b, a) => Gradient(b, a[0].AsValue(), a[2].IsNone ? All(a[0]) : [a[2].AsInt()], i => a[1].AsList()[i], a[3].AsInt())),
        Many("aten::gradient.scalarrayarray(Tensor self, *, Scalar[] spacing, int[] dim, int edge_order=1) -> Tensor[]",
            (b, a) => Gradient(b, a[0].AsValue(), a[2].AsInts(), i => a[1].AsList()[i], a[3].AsInt())),
        Many("aten::gradient.tensorarrayint(Tensor self, *, Tensor[] spacing, int? dim=None, int edge_order=1) -> Tensor[]",
            (b, a) => Gradient(b, a[0].AsValue(), a[2].IsNone ? All(a[0]) : [a[2].AsInt()], i => a[1].AsList()[i], a[3].AsInt())),
        Many("aten::gradient.tensorarray(Tensor self, *, Tensor[] spacing, int[] dim, int edge_order=1) -> Tensor[]",
            (b, a) => Gradient(b, a[0].AsValue(), a[2].AsInts(), i => a[1].AsList()[i], a[3].AsInt())),
        One("aten::cross(Tensor self, Tensor other, int? dim=None) -> Tensor", (b, a) => Cross(b, a, a[2].IsNone ? Array.FindIndex(a[0].AsSpec().Sizes, s => s.Value == 3) : a[2].AsInt())),
        One("aten::linalg_cross(Tensor self, Tensor other, *, int dim=-1) -> Tensor", (b, a) => Cross(b, a, a[2].AsInt())),
    ];

    private static long[] All(Argument x) => [.. Enumerable.Range(0, x.AsSpec().Rank).Select(d => (long)d)];

    private static Value Difference(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        int dim = Layouts.Wrap(x, a[2].AsInt());
        var parts = new List<Value>();
        if (!a[3].IsNone)
            parts.Add(a[3].AsValue());
        parts.Add(x);
        if (!a[4].IsNone)
            parts.Add(a[4].AsValue());
        x = b.Cat(parts, dim);
        for (long i = 0; i < a[1].AsInt(); i++)
        {
            if (x.Spec.Sizes[dim].Value == 0)
                return x;
            Value later = b.Slice(x, dim, 1, long.MaxValue), earlier = b.Slice(x, dim, 0, -1);
            x = x.Spec.Type == ScalarType.Bool ? b.Call1("aten::logical_xor", later, earlier) : b.Sub(later, earlier);
        }
        return x;
    }

    private static Value[] Gradient(IGraphBuilder b, Value x, long[] dims, Func<int, Argument> spacing, long edgeOrder)
    {
        var results = new Value[dims.Length];
        for (int i = 0; i < dims.Length; i++)
        {
            int dim = Layouts.Wrap(x, dims[i]);
            results[i] = Emit.IsTensor(spacing(i)) ? Uneven(b, x, dim, spacing(i).AsValue(), edgeOrder) : Even(b, x, dim, spacing(i).AsDouble(), edgeOrder);
        }
        return results;
    }

    private static Value Even(IGraphBuilder b, Value x, int dim, double h, long edgeOrder)
    {
        Value At(long from, long to) => b.Slice(x, dim, from, to);
        long n = x.Spec.Sizes[dim].Value;
        var inner = b.Div(b.Sub(At(2, n), At(0, n - 2)), 2 * h);
        var first = edgeOrder == 1
            ? b.Div(b.Sub(At(1, 2), At(0, 1)), h)
            : b.Div(b.Sub(b.Sub(b.Mul(At(1, 2), 2.0), b.Mul(At(0, 1), 1.5)), b.Mul(At(2, 3), 0.5)), h);
        var last = edgeOrder == 1
            ? b.Div(b.Sub(At(n - 1, n), At(n - 2, n - 1)), h)
            : b.Div(b.Add(b.Sub(b.Mul(At(n - 1, n), 1.5), b.Mul(At(n - 2, n - 1), 2.0)), b.Mul(At(n - 3, n - 2), 0.5)), h);
        return b.Cat(n > 2 ? [first, inner, last] : [first, last], dim);
    }

    private static Value Uneven(IGraphBuilder b, Value x, int dim, Value coordinates, long edgeOrder)
    {
        long n = x.Spec.Sizes[dim].Value;
        var shape = Enumerable.Repeat((Argument)1, x.Spec.Rank).ToArray();
        shape[dim] = -1;
        Value At(long from, long to) => b.Slice(x, dim, from, to);
        var steps = b.View(b.Sub(b.Slice(coordinates, 0, 1, n), b.Slice(coordinates, 0, 0, n - 1)), shape);
        Value Step(long from, long to) => b.Slice(steps, dim, from, to);
        var parts = new List<Value>();
        Value One(long i) => b.Div(b.Sub(At(i + 1, i + 2), At(i, i + 1)), Step(i, i + 1));
        parts.Add(edgeOrder == 1 ? One(0) : Edge(b, Step(0, 1), Step(1, 2), At(0, 1), At(1, 2), At(2, 3), 1));
        if (n > 2)
        {
            Value low = Step(0, n - 2), high = Step(1, n - 1), both = b.Add(low, high);
            var before = b.Mul(b.Neg(b.Div(high, b.Mul(low, both))), At(0, n - 2));
            var middle = b.Mul(b.Div(b.Sub(high, low), b.Mul(low, high)), At(1, n - 1));
            var after = b.Mul(b.Div(low, b.Mul(high, both)), At(2, n));
            parts.Add(b.Add(b.Add(before, middle), after));
        }
        parts.Add(edgeOrder == 1 ? One(n - 2) : Edge(b, Step(n - 2, n - 1), Step(n - 3, n - 2), At(n - 1, n), At(n - 2, n - 1), At(n - 3, n - 2), -1));
        return b.Cat(parts, dim);
    }

    /// <summary>The one-sided second-order difference; the sign says which edge.</summary>
    private static Value Edge(IGraphBuilder b, Value near, Value far, Value x0, Value x1, Value x2, int sign)
    {
        var both = b.Add(near, far);
        var c0 = b.Neg(b.Div(b.Add(b.Mul(near, 2), far), b.Mul(near, both)));
        var c1 = b.Div(both, b.Mul(near, far));
        var c2 = b.Neg(b.Div(near, b.Mul(far, both)));
        var sum = b.Add(b.Add(b.Mul(c0, x0), b.Mul(c1, x1)), b.Mul(c2, x2));
        return sign > 0 ? sum : b.Neg(sum);
    }

    private static Value Cross(IGraphBuilder b, IReadOnlyList<Argument> a, long dim)
    {
        var both = b.Broadcast(a[0].AsValue(), a[1].AsValue());
        Value Turn(Value v, params long[] order) => b.IndexSelect(v, dim, order);
        return b.Sub(b.Mul(Turn(both[0], 1, 2, 0), Turn(both[1], 2, 0, 1)), b.Mul(Turn(both[0], 2, 0, 1), Turn(both[1], 1, 2, 0)));
    }
}
