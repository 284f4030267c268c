using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Reduction;

/// <summary>Cumulative operators, by doubling: after k steps each element holds the result over the 2^k elements that end at it.</summary>
internal static class ScanDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", Product),
        One("aten::logcumsumexp(Tensor self, int dim) -> Tensor", (b, a) => Scan(b, [b.Floating(a[0].AsValue())], a[1].AsInt(), (x, y) => [LogAddExp(b, x[0], y[0])])[0]),
        Many("aten::cummax(Tensor self, int dim) -> (Tensor, Tensor)", (b, a) => Extreme(b, a, largest: true)),
        Many("aten::cummin(Tensor self, int dim) -> (Tensor, Tensor)", (b, a) => Extreme(b, a, largest: false)),
        One("aten::logaddexp(Tensor self, Tensor other) -> Tensor", (b, a) => LogAddExp(b, b.Floating(a[0].AsValue()), b.Floating(a[1].AsValue()))),
        One("aten::logaddexp2(Tensor self, Tensor other) -> Tensor", (b, a) => LogAddExp2(b, b.Floating(a[0].AsValue()), b.Floating(a[1].AsValue()))),
    ];

    private static Value Product(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        x = b.Cast(x, !a[2].IsNone ? a[2].AsScalarType() : x.Spec.Type.IsIntegral() || x.Spec.Type == ScalarType.Bool ? ScalarType.Long : x.Spec.Type);
        return Scan(b, [x], a[1].AsInt(), (p, q) => [b.Mul(p[0], q[0])])[0];
    }

    /// <summary>log(exp(x) + exp(y)); equal infinities stay.</summary>
    private static Value LogAddExp(IGraphBuilder b, Value x, Value y)
    {
        var soft = b.Add(b.Maximum(x, y), b.Call1("aten::log1p", b.Exp(b.Neg(b.Abs(b.Sub(x, y))))));
        return b.Where(b.Eq(x, y), b.Add(x, Math.Log(2)), soft);
    }

    private static Value LogAddExp2(IGraphBuilder b, Value x, Value y)
    {
        var soft = b.Add(b.Maximum(x, y), b.Div(b.Call1("aten::log1p", b.Pow(2.0, b.Neg(b.Abs(b.Sub(x, y))))), Math.Log(2)));
        return b.Where(b.Eq(x, y), b.Add(x, 1), soft);
    }

    /// <summary>The extreme so far and its place; of equal ones the last. NaN stays once it came.</summary>
    private static Value[] Extreme(IGraphBuilder b, IReadOnlyList<Argument> a, bool largest)
    {
        var x = a[0].AsValue();
        int dim = Layouts.Wrap(x, a[1].AsInt());
        if (x.Spec.Rank == 0)
            return [x, b.Constant(Constants.Filled(ScalarType.Long, [], 0))];
        var shape = Enumerable.Repeat((Argument)1, x.Spec.Rank).ToArray();
        shape[dim] = x.Spec.Sizes[dim].Value;
        var positions = b.Constant(Constants.Longs([.. Enumerable.Range(0, (int)x.Spec.Sizes[dim].Value).Select(i => (long)i)]));
        var index = b.Expand(b.View(positions, shape), b.Sizes(x));
        return Scan(b, [x, index], dim, (earlier, later) =>
        {
            var keep = largest ? b.Gt(earlier[0], later[0]) : b.Lt(earlier[0], later[0]);
            if (x.Spec.Type.IsFloating())
                keep = b.Or(keep, b.And(b.Call1("aten::isnan", earlier[0]), b.Not(b.Call1("aten::isnan", later[0]))));
            return [b.Where(keep, earlier[0], later[0]), b.Where(keep, earlier[1], later[1])];
        });
    }

    private static Value[] Scan(IGraphBuilder b, Value[] x, long dim, Func<Value[], Value[], Value[]> combine)
    {
        if (x[0].Spec.Rank == 0)
            return x;
        int d = Layouts.Wrap(x[0], dim);
        var size = x[0].Spec.Sizes[d];
        if (!size.IsStatic)
            throw Unsupported("a cumulative operator along a dynamic dimension");
        for (long shift = 1; shift < size.Value; shift *= 2)
        {
            var next = combine(Array.ConvertAll(x, v => b.Slice(v, d, 0, size.Value - shift)), Array.ConvertAll(x, v => b.Slice(v, d, shift, size.Value)));
            for (int i = 0; i < x.Length; i++)
                x[i] = b.Cat([b.Slice(x[i], d, 0, shift), next[i]], d);
        }
        return x;
    }
}
