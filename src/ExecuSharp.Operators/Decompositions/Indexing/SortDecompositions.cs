using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Indexing;

/// <summary>Sorting, searching and counting.</summary>
internal static class SortDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        Many("aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor, Tensor)", (b, a) => Sort(b, a[0].AsValue(), a[1].AsInt(), a[2].AsBool())),
        Many("aten::sort.stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False) -> (Tensor, Tensor)", (b, a) => Sort(b, a[0].AsValue(), a[2].AsInt(), a[3].AsBool())),
        One("aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor", (b, a) => Sort(b, a[0].AsValue(), a[1].AsInt(), a[2].AsBool())[1]),
        One("aten::argsort.stable(Tensor self, *, bool stable, int dim=-1, bool descending=False) -> Tensor", (b, a) => Sort(b, a[0].AsValue(), a[2].AsInt(), a[3].AsBool())[1]),
        One("aten::msort(Tensor self) -> Tensor", (b, a) => Sort(b, a[0].AsValue(), 0, false)[0]),
        One("aten::median(Tensor self) -> Tensor", (b, a) => Median(b, b.View(a[0].AsValue(), (Argument)(-1)), 0, false, skipNan: false)[0]),
        Many("aten::median.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor, Tensor)", (b, a) => Median(b, a[0].AsValue(), a[1].AsInt(), a[2].AsBool(), skipNan: false)),
        One("aten::nanmedian(Tensor self) -> Tensor", (b, a) => Median(b, b.View(a[0].AsValue(), (Argument)(-1)), 0, false, skipNan: true)[0]),
        Many("aten::nanmedian.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor, Tensor)", (b, a) => Median(b, a[0].AsValue(), a[1].AsInt(), a[2].AsBool(), skipNan: true)),
        Many("aten::kthvalue(Tensor self, int k, int dim=-1, bool keepdim=False) -> (Tensor, Tensor)", (b, a) => At(b, Sort(b, a[0].AsValue(), a[2].AsInt(), false), a[2].AsInt(), a[1].AsInt() - 1, a[3].AsBool())),
        One("aten::searchsorted.Tensor(Tensor sorted_sequence, Tensor self, *, bool out_int32=False, bool right=False, str? side=None, Tensor? sorter=None) -> Tensor", Search),
        One("aten::searchsorted.Scalar(Tensor sorted_sequence, Scalar self, *, bool out_int32=False, bool right=False, str? side=None, Tensor? sorter=None) -> Tensor",
            (b, a) => Search(b, [a[0], b.Number(a[1]), .. a.Skip(2)])),
        One("aten::bucketize.Tensor(Tensor self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor", (b, a) => Search(b, [a[1], a[0], a[2], a[3], Argument.None, Argument.None])),
        One("aten::bucketize.Scalar(Scalar self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor",
            (b, a) => Search(b, [a[1], b.Number(a[0]), a[2], a[3], Argument.None, Argument.None])),
        One("aten::histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor", Histogram),
    ];

    /// <summary>Beyond this many elements, equal elements may come in another order than in a stable sort.</summary>
    private const long StableLimit = 512;

    /// <summary>
    /// Values and places. Where the number of elements allows it, an element's rank is the number of those before it, which keeps equal ones in order;
    /// else the largest (or smallest) of all are taken.
    /// </summary>
    private static Value[] Sort(IGraphBuilder b, Value x, long dim, bool descending)
    {
        if (x.Spec.Rank == 0)
            return [x, b.Constant(Constants.Filled(ScalarType.Long, [], 0))];
        int d = Layouts.Wrap(x, dim);
        var size = x.Spec.Sizes[d];
        if (!size.IsStatic)
            throw Unsupported("a sort along a dynamic dimension");
        if (x.Spec.MaxNumel == 0)
            return [x, b.FullLike(x, 0, ScalarType.Long)];
        if (size.Value > StableLimit)
            return b.CallMany("aten::topk", x, size.Value, d, descending, true);
        var keys = b.Swap(x, d, -1);
        var positions = b.Constant(Constants.Longs([.. Enumerable.Range(0, (int)size.Value).Select(i => (long)i)]));
        var rank = Rank(b, keys, (int)size.Value, descending);
        var spread = b.Expand(positions, b.Sizes(keys));
        var indices = b.Call1("aten::scatter.src", b.FullLike(spread, 0), keys.Spec.Rank - 1, rank, spread);
        var values = b.Call1("aten::gather", keys, keys.Spec.Rank - 1, indices);
        return [b.Swap(values, d, -1), b.Swap(indices, d, -1)];
    }

    private static Value Rank(IGraphBuilder b, Value keys, int size, bool descending)
    {
        Value mine = b.Unsqueeze(keys, -1), others = b.Unsqueeze(keys, -2);
        var before = descending ? b.Gt(others, mine) : b.Lt(others, mine);
        var equal = b.Eq(others, mine);
        if (keys.Spec.Type.IsFloating())
        {
            // NaN is larger than every number and equal to NaN.
            Value mineNan = b.Call1("aten::isnan", mine), othersNan = b.Call1("aten::isnan", others);
            before = b.Or(before, descending ? b.And(othersNan, b.Not(mineNan)) : b.And(mineNan, b.Not(othersNan)));
            equal = b.Or(equal, b.And(mineNan, othersNan));
        }
        var earlier = b.Constant(Constants.Mask(size, size, (i, j) => j < i));
        return b.Sum(b.Or(before, b.And(equal, earlier)), [-1]);
    }

    private static Value[] At(IGraphBuilder b, Value[] sorted, long dim, long index, bool keepDim)
    {
        if (sorted[0].Spec.Rank == 0)
            return sorted;
        int d = Layouts.Wrap(sorted[0], dim);
        return Array.ConvertAll(sorted, s => keepDim ? b.Slice(s, d, index, index + 1) : b.Select(s, d, index));
    }

    /// <summary>The lower of the two middle ones. NaN wins, or is left out.</summary>
    private static Value[] Median(IGraphBuilder b, Value x, long dim, bool keepDim, bool skipNan)
    {
        if (x.Spec.Rank == 0)
            return [x, b.Constant(Constants.Filled(ScalarType.Long, [], 0))];
        int d = Layouts.Wrap(x, dim);
        long size = x.Spec.Sizes[d].Value;
        var sorted = Sort(b, x, d, false);
        if (!x.Spec.Type.IsFloating())
            return At(b, sorted, d, (size - 1) / 2, keepDim);
        var isNan = b.Call1("aten::isnan", x);
        var count = b.Sum(isNan, [d], keepDim: true);
        // With NaN sorted last: its first place, or the middle of the others.
        var place = skipNan
            ? b.Clamp(b.FloorDiv(b.Sub(b.Call1("aten::rsub.Scalar", count, size), 1), 2), 0, Argument.None)
            : b.Where(b.Gt(count, 0), b.Call1("aten::rsub.Scalar", count, size), (size - 1) / 2);
        return Array.ConvertAll(sorted, s => b.Call1("aten::gather", s, d, place) is var found && keepDim ? found : b.Squeeze(found, d));
    }

    /// <summary>How many of the sorted ones are below (or at) each value.</summary>
    private static Value Search(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (sorted, values) = (a[0].AsValue(), a[1].AsValue());
        if (!a[5].IsNone)
            sorted = b.Call1("aten::gather", sorted, -1, a[5]);
        bool right = a[3].AsBool() || (!a[4].IsNone && a[4].AsString() == "right");
        var edges = sorted.Spec.Rank <= 1 ? sorted : b.Unsqueeze(sorted, -2);
        var mine = b.Unsqueeze(values, -1);
        var below = right ? b.Le(edges, mine) : b.Lt(edges, mine);
        // NaN comes after everything.
        if (values.Spec.Type.IsFloating())
            below = b.Or(below, b.Call1("aten::isnan", mine));
        return b.Cast(b.Sum(below, [-1]), a[2].AsBool() ? ScalarType.Int : ScalarType.Long);
    }

    private static Value Histogram(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = b.View(a[0].AsValue(), (Argument)(-1));
        int bins = (int)a[1].AsInt();
        if (x.Spec.MaxNumel == 0)
            return b.Constant(Constants.Filled(x.Spec.Type, [bins], 0));
        Value low, high;
        if (a[2].AsDouble() == a[3].AsDouble())
        {
            (low, high) = (b.Amin(x, [0]), b.Amax(x, [0]));
            var flat = b.Eq(low, high);
            (low, high) = (b.Where(flat, b.Sub(low, 1), low), b.Where(flat, b.Add(high, 1), high));
        }
        else
        {
            (low, high) = (b.Number(a[2].AsDouble(), x.Spec.Type), b.Number(a[3].AsDouble(), x.Spec.Type));
        }
        var bin = b.Call1("aten::floor", b.Div(b.Mul(b.Sub(x, low), bins), b.Sub(high, low)));
        bin = b.Clamp(bin, Argument.None, bins - 1);
        var inside = b.And(b.Ge(x, low), b.Le(x, high));
        var numbers = b.Constant(Constants.Of(x.Spec.Type, [bins, 1], [.. Enumerable.Range(0, bins).Select(i => (double)i)]));
        return b.Sum(b.Cast(b.And(b.Eq(b.Unsqueeze(bin, 0), numbers), inside), x.Spec.Type), [1]);
    }

}
