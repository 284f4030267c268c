using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Reduction;

/// <summary>Reductions that the runtime has in another form.</summary>
internal static class ReductionDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor", (b, a) => b.Call1("aten::sum.dim_IntList", a[0], All(a[0]), false, a[1])),
        One("aten::all(Tensor self) -> Tensor", (b, a) => Inverted(a[0], b.Not(b.Call1("aten::any", b.Not(a[0].AsValue()))), b)),
        One("aten::all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor", (b, a) => Inverted(a[0], b.Not(b.Call1("aten::any.dim", b.Not(a[0].AsValue()), a[1], a[2])), b)),
        One("aten::all.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", (b, a) => Inverted(a[0], b.Not(b.Call1("aten::any.dims", b.Not(a[0].AsValue()), a[1], a[2])), b)),
        Many("aten::aminmax(Tensor self, *, int? dim=None, bool keepdim=False) -> (Tensor, Tensor)", MinMax),
        One("aten::count_nonzero(Tensor self, int? dim=None) -> Tensor", CountNonZero),
        One("aten::count_nonzero.dim_IntList(Tensor self, int[] dim) -> Tensor", CountNonZero),
        One("aten::nansum(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
            (b, a) => b.Call1("aten::sum.dim_IntList", WithoutNan(b, a[0].AsValue()), a[1].IsNone ? All(a[0]) : a[1], a[2], a[3])),
        One("aten::nanmean(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor", NanMean),
        One("aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor", (b, a) => LogSumExp(b, a[0].AsValue(), a[1].AsInts(), a[2].AsBool())),
        One("aten::special_logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor", (b, a) => LogSumExp(b, a[0].AsValue(), a[1].AsInts(), a[2].AsBool())),
        One("aten::std(Tensor self, bool unbiased=True) -> Tensor", (b, a) => b.Sqrt(Variance(b, a[0], Argument.None, a[1], false))),
        One("aten::std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor", (b, a) => b.Sqrt(Variance(b, a[0], a[1], a[2], a[3]))),
        One("aten::std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor", (b, a) => b.Sqrt(b.Call1("aten::var.correction", a[0], a[1], a[2], a[3]))),
        One("aten::var(Tensor self, bool unbiased=True) -> Tensor", (b, a) => Variance(b, a[0], Argument.None, a[1], false)),
        Many("aten::var_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)", (b, a) => VarianceMean(b, a[0], Argument.None, a[1].AsBool() ? 1 : 0, false)),
        Many("aten::var_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)", (b, a) => VarianceMean(b, a[0], a[1], a[2].AsBool() ? 1 : 0, a[3])),
        Many("aten::std_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)", (b, a) => Deviation(b, VarianceMean(b, a[0], Argument.None, a[1].AsBool() ? 1 : 0, false))),
        Many("aten::std_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)", (b, a) => Deviation(b, VarianceMean(b, a[0], a[1], a[2].AsBool() ? 1 : 0, a[3]))),
        Many("aten::std_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, Tensor)", (b, a) => Deviation(b, VarianceMean(b, a[0], a[1], a[2], a[3]))),
        One("aten::max.other(Tensor self, Tensor other) -> Tensor", (b, a) => b.Maximum(a[0], a[1])),
        One("aten::min.other(Tensor self, Tensor other) -> Tensor", (b, a) => b.Minimum(a[0], a[1])),
        One("aten::sum_to_size(Tensor self, SymInt[] size) -> Tensor", SumToSize),
        One("aten::trace(Tensor self) -> Tensor", (b, a) => b.Sum(b.Call1("aten::diagonal_copy", a[0], 0, 0, 1), [0])),
    ];

    /// <summary>log(sum(exp(x))), shifted by the largest so that nothing overflows.</summary>
    public static Value LogSumExp(IGraphBuilder b, Value x, long[] dims, bool keepDim)
    {
        x = b.Floating(x);
        if (x.Spec.Rank == 0)
            dims = [];
        if (x.Spec.MaxNumel == 0)
            return b.Log(b.Sum(b.Exp(x), dims, keepDim));
        var top = b.Amax(x, dims, keepDim: true);
        top = b.Where(b.Call1("aten::isinf", top), 0.0, top);
        var sum = b.Log(b.Sum(b.Exp(b.Sub(x, top)), dims, keepDim));
        return b.Add(sum, keepDim || x.Spec.Rank == 0 ? top : b.Squeezed(top, dims));
    }

    /// <summary>Drops reduced dimensions that were kept.</summary>
    public static Value Squeezed(this IGraphBuilder b, Value x, long[] dims) =>
        b.Squeeze(x, dims.Length == 0 ? [.. Enumerable.Range(0, x.Spec.Rank).Select(d => (long)d)] : dims);

    private static long[] All(Argument x) => [.. Enumerable.Range(0, x.AsSpec().Rank).Select(d => (long)d)];

    /// <summary>all of Byte gives Byte.</summary>
    private static Value Inverted(Argument x, Value result, IGraphBuilder b) => x.AsSpec().Type == ScalarType.Byte ? b.Cast(result, ScalarType.Byte) : result;

    private static Value[] MinMax(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        long[] dims = a[1].IsNone ? All(a[0]) : [a[1].AsInt()];
        return [b.Amin(a[0], dims, a[2].AsBool()), b.Amax(a[0], dims, a[2].AsBool())];
    }

    private static Value CountNonZero(IGraphBuilder b, IReadOnlyList<Argument> a) =>
        b.Sum(b.Ne(a[0], 0), a[1].IsNone || (a[1].IsList && a[1].AsList().Count == 0) ? All(a[0]) : ShapeRules.Dims(a[1]));

    private static Value WithoutNan(IGraphBuilder b, Value x) => x.Spec.Type.IsFloating() ? b.Where(b.Call1("aten::isnan", x), 0.0, x) : x;

    private static Value NanMean(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        if (!a[3].IsNone)
            x = b.Cast(x, a[3].AsScalarType());
        long[] dims = a[1].IsNone ? All(a[0]) : ShapeRules.Dims(a[1]);
        var count = b.Sum(b.Not(b.Call1("aten::isnan", x)), dims, a[2].AsBool());
        return b.Div(b.Sum(WithoutNan(b, x), dims, a[2].AsBool()), count);
    }

    private static Value Variance(IGraphBuilder b, Argument x, Argument dims, Argument unbiased, Argument keepDim) =>
        b.Call1("aten::var.correction", x, dims.IsNone ? All(x) : dims, unbiased.AsBool() ? 1 : 0, keepDim);

    private static Value[] VarianceMean(IGraphBuilder b, Argument x, Argument dims, Argument correction, Argument keepDim)
    {
        var over = dims.IsNone || dims.AsList().Count == 0 ? All(x) : dims.AsInts();
        return [b.Call1("aten::var.correction", x, over, correction, keepDim), b.Mean(x, over, keepDim.AsBool())];
    }

    private static Value[] Deviation(IGraphBuilder b, Value[] results) => [b.Sqrt(results[0]), results[1]];

    private static Value SumToSize(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        var target = a[1].AsDims();
        int lead = x.Spec.Rank - target.Length;
        var dims = new List<long>();
        for (int d = 0; d < x.Spec.Rank; d++)
            if (d < lead || (target[d - lead].Value == 1 && x.Spec.Sizes[d].Value != 1))
                dims.Add(d);
        return dims.Count == 0 ? x : b.View(b.Sum(x, [.. dims], keepDim: true), [.. a[1].AsList()]);
    }
}
