using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Indexing;

/// <summary>Reading and writing at places that tensors name.</summary>
internal static class IndexDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor",
            (b, a) => Put(b, a[0].AsValue(), a[1].AsInt(), a[2], a[4].AsDouble() == 1 ? a[3].AsValue() : b.Mul(a[3], a[4]), accumulate: true)),
        One("aten::index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor", (b, a) => Put(b, a[0].AsValue(), a[1].AsInt(), a[2], a[3].AsValue(), accumulate: false)),
        One("aten::index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor",
            (b, a) => Put(b, a[0].AsValue(), a[1].AsInt(), a[2], b.Constant(Constants.Filled(a[0].AsSpec().Type, [], a[3].AsDouble())), accumulate: false)),
        One("aten::index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor", (b, a) => Put(b, a[0].AsValue(), a[1].AsInt(), a[2], a[3].AsValue(), accumulate: false)),
        One("aten::take(Tensor self, Tensor index) -> Tensor", (b, a) => b.Call1("aten::index.Tensor", b.View(a[0].AsValue(), (Argument)(-1)), (Argument[])[a[1]])),
        One("aten::put(Tensor self, Tensor index, Tensor source, bool accumulate=False) -> Tensor",
            (b, a) => b.View(b.Call1("aten::index_put", b.View(a[0].AsValue(), (Argument)(-1)), (Argument[])[b.View(a[1].AsValue(), (Argument)(-1))], b.View(a[2].AsValue(), (Argument)(-1)), a[3]), b.Sizes(a[0].AsValue()))),
        One("aten::pdist(Tensor self, float p=2) -> Tensor", (b, a) => b.Call1("aten::_pdist_forward", a[0], a[1])),
        One("aten::take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor", TakeAlong),
        One("aten::masked_index(Tensor self, Tensor mask) -> Tensor", (b, a) => b.Call1("aten::masked_select", a[0], a[1])),
        One("aten::_unsafe_index.Tensor(Tensor self, Tensor?[] indices) -> Tensor", (b, a) => b.Call1("aten::index.Tensor", a[0], a[1])),
        One("aten::_unsafe_index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor", (b, a) => b.Call1("aten::index_put", a[0], a[1], a[2], a[3])),
        One("aten::_unsafe_masked_index(Tensor self, Tensor mask, Tensor?[] indices, Scalar fill) -> Tensor", MaskedIndex),
        One("aten::_unsafe_masked_index_put_accumulate(Tensor self, Tensor mask, Tensor?[] indices, Tensor values) -> Tensor", MaskedIndexPut),
        One("aten::argwhere(Tensor self) -> Tensor", (b, a) => b.Call1("aten::nonzero", a[0])),
        Many("aten::nonzero_numpy(Tensor self) -> Tensor[]", (b, a) => [.. Enumerable.Range(0, Math.Max(a[0].AsSpec().Rank, 1)).Select(d => b.Select(b.Call1("aten::nonzero", a[0]), 1, d))]),
        One("aten::nonzero_static(Tensor self, *, SymInt size, int fill_value=-1) -> Tensor", NonZeroStatic),
        One("aten::embedding_renorm(Tensor self, Tensor indices, float max_norm, float norm_type) -> Tensor", Renormalize),
        One("aten::narrow.Tensor(Tensor self, int dim, Tensor start, SymInt length) -> Tensor",
            (b, a) => b.Call1("aten::narrow_copy", a[0], a[1], b.Call1("aten::_local_scalar_dense", a[2]), a[3])),
        One("aten::unfold(Tensor self, int dimension, int size, int step) -> Tensor", (b, a) => b.Call1("aten::unfold_copy", a[0], a[1], a[2], a[3])),
        One("aten::as_strided(Tensor self, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor", (b, a) => b.Call1("aten::as_strided_copy", a[0], a[1], a[2], a[3])),
    ];

    private static Value Put(IGraphBuilder b, Value x, long dim, Argument index, Value source, bool accumulate)
    {
        bool scalar = x.Spec.Rank == 0;
        if (scalar)
            x = b.View(x, (Argument)1);
        int d = Layouts.Wrap(x, dim);
        var places = index.AsValue();
        if (places.Spec.Rank == 0)
            places = b.View(places, (Argument)1);
        if (scalar && source.Spec.Rank == 0)
            source = b.View(source, (Argument)1);
        Argument[] indices = [.. Enumerable.Repeat(Argument.None, d), places];
        var result = b.Call1("aten::index_put", x, indices, b.Cast(source, x.Spec.Type), accumulate);
        return scalar ? b.Squeeze(result, 0) : result;
    }

    private static Value TakeAlong(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, index) = (a[0].AsValue(), a[1].AsValue());
        if (a[2].IsNone)
            return b.Call1("aten::gather", b.View(x, (Argument)(-1)), 0, b.View(index, (Argument)(-1)));
        int dim = Layouts.Wrap(x, a[2].AsInt());
        Argument[] wide = b.Sizes(x), places = b.Sizes(index);
        for (int d = 0; d < wide.Length; d++)
        {
            if (d == dim)
                continue;
            if (x.Spec.Sizes[d] is { IsStatic: true, Value: 1 })
                wide[d] = places[d];
            places[d] = wide[d];
        }
        return b.Call1("aten::gather", b.Expand(x, wide), dim, b.Expand(index, places));
    }

    /// <summary>Where the mask is false the indices may be anything: they are read at 0 and the result is replaced.</summary>
    private static Value MaskedIndex(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var found = b.Call1("aten::index.Tensor", a[0], Safe(b, a[0].AsValue(), a[1].AsValue(), a[2]));
        return b.Where(b.Not(Spread(b, a[1].AsValue(), found)), b.Constant(Constants.Filled(a[0].AsSpec().Type, [], a[3].AsDouble())), found);
    }

    private static Value MaskedIndexPut(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var values = a[3].AsValue();
        var kept = b.Where(b.Not(Spread(b, a[1].AsValue(), values)), b.Constant(Constants.Filled(values.Spec.Type, [], 0)), values);
        return b.Call1("aten::index_put", a[0], Safe(b, a[0].AsValue(), a[1].AsValue(), a[2]), kept, true);
    }

    private static Value Spread(IGraphBuilder b, Value mask, Value result) =>
        mask.Spec.Rank >= result.Spec.Rank ? mask : b.View(mask, [.. b.Sizes(mask), .. Enumerable.Repeat((Argument)1, result.Spec.Rank - mask.Spec.Rank)]);

    private static Argument[] Safe(IGraphBuilder b, Value x, Value mask, Argument indices) =>
        [.. indices.AsList().Select((i, d) => i.IsNone ? i : (Argument)b.Clamp(i, -x.Spec.Sizes[d].Value, x.Spec.Sizes[d].Value - 1))];

    private static Value NonZeroStatic(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        long size = a[1].AsInt();
        var filled = b.Call1("aten::full", (long[])[size, x.Spec.Rank], a[2], ScalarType.Long);
        if (size == 0 || x.Spec.Rank == 0)
            return filled;
        return b.Slice(b.Cat([b.Call1("aten::nonzero", x), filled], 0), 0, 0, size);
    }

    /// <summary>Rows that are used and longer than the limit are scaled to it.</summary>
    private static Value Renormalize(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var weight = a[0].AsValue();
        var rows = b.Constant(Constants.Longs([.. Enumerable.Range(0, (int)weight.Spec.Sizes[0].Value).Select(i => (long)i)]));
        var used = b.Call1("aten::any.dim", b.Eq(b.Unsqueeze(rows, 1), b.View(a[1].AsValue(), 1, -1)), 1, true);
        var norm = Reduction.NormDecompositions.Vector(b, weight, a[3].AsDouble(), [1], keepDim: true);
        double limit = a[2].AsDouble();
        var scale = b.Div(limit, b.Add(norm, 1e-7));
        return b.Where(b.And(used, b.Gt(norm, limit)), b.Mul(weight, scale), weight);
    }
}
