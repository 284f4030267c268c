using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Statistics;

/// <summary>Quantiles, covariances, integrals by the trapezoidal rule, powers of vectors and matrices.</summary>
internal static class StatisticsDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::quantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation='linear') -> Tensor", (b, a) => Quantile(b, a, a[1].AsValue(), skipNan: false)),
        One("aten::quantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation='linear') -> Tensor", (b, a) => Quantile(b, a, b.Number(a[1].AsDouble(), a[0].AsSpec().Type), skipNan: false)),
        One("aten::nanquantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation='linear') -> Tensor", (b, a) => Quantile(b, a, a[1].AsValue(), skipNan: true)),
        One("aten::nanquantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation='linear') -> Tensor", (b, a) => Quantile(b, a, b.Number(a[1].AsDouble(), a[0].AsSpec().Type), skipNan: true)),
        One("aten::cov(Tensor self, *, int correction=1, Tensor? fweights=None, Tensor? aweights=None) -> Tensor", (b, a) => Covariance(b, a)),
        One("aten::corrcoef(Tensor self) -> Tensor", Correlation),
        One("aten::trapezoid.dx(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor", (b, a) => b.Sum(Panels(b, a[0].AsValue(), null, a[1], a[2].AsInt()), [a[2].AsInt()])),
        One("aten::trapezoid.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor", (b, a) => b.Sum(Panels(b, a[0].AsValue(), a[1].AsValue(), 1, a[2].AsInt()), [a[2].AsInt()])),
        One("aten::trapz.dx(Tensor y, *, float dx=1, int dim=-1) -> Tensor", (b, a) => b.Sum(Panels(b, a[0].AsValue(), null, a[1], a[2].AsInt()), [a[2].AsInt()])),
        One("aten::trapz.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor", (b, a) => b.Sum(Panels(b, a[0].AsValue(), a[1].AsValue(), 1, a[2].AsInt()), [a[2].AsInt()])),
        One("aten::cumulative_trapezoid.dx(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor", (b, a) => b.Call1("aten::cumsum", Panels(b, a[0].AsValue(), null, a[1], a[2].AsInt()), a[2])),
        One("aten::cumulative_trapezoid.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor", (b, a) => b.Call1("aten::cumsum", Panels(b, a[0].AsValue(), a[1].AsValue(), 1, a[2].AsInt()), a[2])),
        One("aten::vander(Tensor x, int? N=None, bool increasing=False) -> Tensor", (b, a) => Powers(b, a[0].AsValue(), a[1], a[2].AsBool())),
        One("aten::linalg_vander(Tensor x, *, SymInt? N=None) -> Tensor", (b, a) => Powers(b, a[0].AsValue(), a[1], increasing: true)),
        One("aten::cartesian_prod(Tensor[] tensors) -> Tensor", Cartesian),
        One("aten::renorm(Tensor self, Scalar p, int dim, Scalar maxnorm) -> Tensor", Renormalize),
        One("aten::matrix_power(Tensor self, int n) -> Tensor", MatrixPower),
        One("aten::linalg_matrix_power(Tensor self, int n) -> Tensor", MatrixPower),
    ];

    private static Value Quantile(IGraphBuilder b, IReadOnlyList<Argument> a, Value q, bool skipNan)
    {
        var x = a[0].AsValue();
        bool flat = a[2].IsNone, keepDim = a[3].AsBool();
        int rank = x.Spec.Rank, dim = flat ? 0 : Layouts.Wrap(x, a[2].AsInt());
        var rows = flat ? b.View(x, (Argument)(-1)) : b.Swap(x, dim, -1);
        var sorted = b.CallMany("aten::sort", rows, -1, false)[0];
        long size = rows.Spec.Sizes[^1].Value;
        var isNan = b.Call1("aten::isnan", rows);
        bool many = q.Spec.Rank == 1;
        // [.., quantiles]
        var wanted = b.View(q, (Argument)(-1));
        Value last = skipNan ? b.Cast(b.Sum(b.Not(isNan), [-1], keepDim: true), x.Spec.Type) : b.Number((double)size, x.Spec.Type);
        var rank0 = b.Clamp(b.Mul(wanted, b.Sub(last, 1.0)), 0.0, Argument.None);
        var place = a[4].AsString() switch
        {
            "lower" => b.Call1("aten::floor", rank0),
            "higher" => b.Call1("aten::ceil", rank0),
            "nearest" => b.Call1("aten::round", rank0),
            _ => rank0,
        };
        Argument[] shape = [.. b.Sizes(rows)[..^1], wanted.Spec.Sizes[0].Value];
        Value At(Value p) => b.Call1("aten::gather", sorted, rows.Spec.Rank - 1, b.Expand(b.Cast(p, ScalarType.Long), shape));
        Value low = At(b.Call1("aten::floor", place)), high = At(b.Call1("aten::ceil", place));
        var part = b.Sub(place, b.Call1("aten::floor", place));
        if (a[4].AsString() == "midpoint")
            part = b.Where(b.Gt(part, 0), 0.5, part);
        var result = b.Add(low, b.Mul(b.Sub(high, low), part));
        if (!skipNan)
            result = b.Where(b.Call1("aten::any.dim", isNan, -1, true), double.NaN, result);
        return Placed(b, result, many, flat, keepDim, dim, rank);
    }

    /// <summary>The quantiles come first; the reduced dimension stays with size 1 if wanted.</summary>
    private static Value Placed(IGraphBuilder b, Value result, bool many, bool flat, bool keepDim, int dim, int rank)
    {
        int own = result.Spec.Rank;
        var first = b.Permute(result, [own - 1, .. Enumerable.Range(0, own - 1)]);
        if (flat)
        {
            if (keepDim)
                first = b.View(first, [-1, .. Enumerable.Repeat((Argument)1, rank)]);
        }
        else
        {
            // The last dimension took the place of the reduced one.
            if (dim != rank - 1)
            {
                var order = Enumerable.Range(1, own - 1).ToList();
                int moved = order[dim];
                order.RemoveAt(dim);
                order.Add(moved);
                first = b.Permute(first, [0, .. order]);
            }
            if (keepDim)
                first = b.Unsqueeze(first, dim + 1);
        }
        return many ? first : b.Select(first, 0, 0);
    }

    private static Value Covariance(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        if (!a[2].IsNone || !a[3].IsNone)
            throw Unsupported("a covariance with weights");
        var x = b.Floating(a[0].AsValue());
        if (x.Spec.Rank < 2)
            x = b.View(x, 1, -1);
        var centred = b.Sub(x, b.Mean(x, [1], keepDim: true));
        double n = Math.Max(x.Spec.Sizes[1].Value - a[1].AsInt(), 0);
        var result = b.Div(b.Mm(centred, b.Swap(centred, 0, 1)), n);
        return a[0].AsSpec().Rank < 2 ? b.Squeeze(result, 0, 1) : result;
    }

    private static Value Correlation(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var c = Covariance(b, [a[0], 1, Argument.None, Argument.None]);
        if (c.Spec.Rank == 0)
            return b.Div(c, c);
        var deviation = b.Sqrt(b.Call1("aten::diagonal_copy", c, 0, 0, 1));
        return b.Clamp(b.Div(b.Div(c, b.Unsqueeze(deviation, 1)), b.Unsqueeze(deviation, 0)), -1.0, 1.0);
    }

    private static Value Panels(IGraphBuilder b, Value y, Value? x, Argument step, long dim)
    {
        int d = Layouts.Wrap(y, dim);
        long n = y.Spec.Sizes[d].Value;
        var sums = b.Add(b.Slice(y, d, 1, n), b.Slice(y, d, 0, n - 1));
        if (x is null)
            return b.Mul(sums, step.AsDouble() / 2);
        if (x.Spec.Rank == 1 && y.Spec.Rank > 1)
            x = b.View(x, [.. Enumerable.Range(0, y.Spec.Rank).Select(i => (Argument)(i == d ? -1 : 1))]);
        int e = x.Spec.Rank - (y.Spec.Rank - d);
        return b.Div(b.Mul(b.Sub(b.Slice(x, e, 1, n), b.Slice(x, e, 0, n - 1)), sums), 2.0);
    }

    private static Value Powers(IGraphBuilder b, Value x, Argument count, bool increasing)
    {
        int n = (int)(count.IsNone ? x.Spec.Sizes[^1].Value : count.AsInt());
        if (x.Spec.Type.IsIntegral())
            x = b.Cast(x, ScalarType.Long);
        var parts = new List<Value> { b.FullLike(x, 1) };
        while (parts.Count < n)
            parts.Add(b.Mul(parts[^1], x));
        if (!increasing)
            parts.Reverse();
        return b.Stack(parts, -1);
    }

    private static Value Cartesian(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        if (a[0].AsList().Count == 1)
            return a[0].AsList()[0].AsValue();
        return b.Stack([.. b.CallMany("aten::meshgrid", a[0]).Select(g => b.View(g, (Argument)(-1)))], 1);
    }

    private static Value Renormalize(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        int dim = Layouts.Wrap(x, a[2].AsInt());
        var norm = Reduction.NormDecompositions.Vector(b, x, a[1].AsDouble(), [.. Enumerable.Range(0, x.Spec.Rank).Where(d => d != dim).Select(d => (long)d)], keepDim: true);
        double limit = a[3].AsDouble();
        return b.Mul(x, b.Where(b.Gt(norm, limit), b.Div(limit, b.Add(norm, 1e-7)), 1.0));
    }

    private static Value MatrixPower(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        long n = a[1].AsInt();
        if (n is < 1 or > 64)
            throw Unsupported($"a matrix to the power {n}");
        var result = x;
        for (long i = 1; i < n; i++)
            result = Linear.MatmulDecompositions.Matmul(b, result, x);
        return result;
    }
}
