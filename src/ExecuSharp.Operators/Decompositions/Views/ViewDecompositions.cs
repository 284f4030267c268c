using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Views;

/// <summary>Views that give the same elements other sizes.</summary>
internal static class ViewDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::alias(Tensor self) -> Tensor", Self),
        One("aten::detach(Tensor self) -> Tensor", Self),
        One("aten::positive(Tensor self) -> Tensor", Self),
        One("aten::lift(Tensor self) -> Tensor", Self),
        One("aten::lift_fresh(Tensor self) -> Tensor", Self),
        One("aten::resolve_conj(Tensor self) -> Tensor", Self),
        One("aten::resolve_neg(Tensor self) -> Tensor", Self),
        One("aten::contiguous(Tensor self, *, MemoryFormat memory_format=contiguous_format) -> Tensor", Self),
        One("aten::view(Tensor self, SymInt[] size) -> Tensor", Reshape),
        One("aten::_unsafe_view(Tensor self, SymInt[] size) -> Tensor", Reshape),
        One("aten::reshape(Tensor self, SymInt[] shape) -> Tensor", Reshape),
        One("aten::_reshape_alias(Tensor self, SymInt[] size, SymInt[] stride) -> Tensor", Reshape),
        One("aten::view_as(Tensor self, Tensor other) -> Tensor", ReshapeAs),
        One("aten::reshape_as(Tensor self, Tensor other) -> Tensor", ReshapeAs),
        One("aten::ravel(Tensor self) -> Tensor", (b, a) => b.View(a[0].AsValue(), (Argument)(-1))),
        One("aten::flatten.using_ints(Tensor self, int start_dim=0, int end_dim=-1) -> Tensor", Flatten),
        One("aten::unflatten.int(Tensor self, int dim, SymInt[] sizes) -> Tensor", Unflatten),
        One("aten::unsqueeze(Tensor self, int dim) -> Tensor", (b, a) => b.Unsqueeze(a[0].AsValue(), a[1].AsInt())),
        One("aten::squeeze(Tensor self) -> Tensor", SqueezeAll),
        One("aten::squeeze_copy(Tensor self) -> Tensor", SqueezeAll),
        One("aten::squeeze.dim(Tensor self, int dim) -> Tensor", (b, a) => b.Squeeze(a[0].AsValue(), a[1].AsInt())),
        One("aten::squeeze.dims(Tensor self, int[] dim) -> Tensor", (b, a) => b.Squeeze(a[0].AsValue(), a[1].AsInts())),
        One("aten::expand(Tensor self, SymInt[] size, *, bool implicit=False) -> Tensor", (b, a) => b.Expand(a[0].AsValue(), [.. a[1].AsList()])),
        One("aten::broadcast_to(Tensor self, SymInt[] size) -> Tensor", (b, a) => b.Expand(a[0].AsValue(), [.. a[1].AsList()])),
        One("aten::expand_as(Tensor self, Tensor other) -> Tensor", (b, a) => b.ExpandAs(a[0].AsValue(), a[1].AsValue())),
        Many("aten::broadcast_tensors(Tensor[] tensors) -> Tensor[]", (b, a) => b.Broadcast([.. a[0].AsList().Select(t => t.AsValue())])),
        One("aten::atleast_1d(Tensor self) -> Tensor", (b, a) => AtLeast(b, a[0].AsValue(), 1)),
        One("aten::atleast_2d(Tensor self) -> Tensor", (b, a) => AtLeast(b, a[0].AsValue(), 2)),
        One("aten::atleast_3d(Tensor self) -> Tensor", (b, a) => AtLeast(b, a[0].AsValue(), 3)),
        Many("aten::atleast_1d.Sequence(Tensor[] tensors) -> Tensor[]", (b, a) => AtLeastAll(b, a, 1)),
        Many("aten::atleast_2d.Sequence(Tensor[] tensors) -> Tensor[]", (b, a) => AtLeastAll(b, a, 2)),
        Many("aten::atleast_3d.Sequence(Tensor[] tensors) -> Tensor[]", (b, a) => AtLeastAll(b, a, 3)),
        One("aten::resize(Tensor self, SymInt[] size, *, MemoryFormat? memory_format=None) -> Tensor", Resize),
        One("aten::resize_as(Tensor self, Tensor the_template, *, MemoryFormat? memory_format=None) -> Tensor",
            (b, a) => Resize(b, [a[0], b.Sizes(a[1].AsValue())])),
    ];

    /// <summary>Adds leading or trailing dimensions as numpy does.</summary>
    public static Value AtLeast(IGraphBuilder b, Value x, int rank)
    {
        if (x.Spec.Rank >= rank)
            return x;
        var sizes = b.Sizes(x);
        return (rank, sizes.Length) switch
        {
            (3, 2) => b.View(x, [.. sizes, 1]),
            (3, 1) => b.View(x, [1, .. sizes, 1]),
            _ => b.View(x, [.. Enumerable.Repeat((Argument)1, rank - sizes.Length), .. sizes]),
        };
    }

    private static Value Self(IGraphBuilder b, IReadOnlyList<Argument> a) => a[0].AsValue();

    private static Value Reshape(IGraphBuilder b, IReadOnlyList<Argument> a) => b.View(a[0].AsValue(), [.. a[1].AsList()]);

    private static Value ReshapeAs(IGraphBuilder b, IReadOnlyList<Argument> a) => b.View(a[0].AsValue(), b.Sizes(a[1].AsValue()));

    private static Value Flatten(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        if (x.Spec.Rank == 0)
            return b.View(x, (Argument)1);
        int start = Layouts.Wrap(x, a[1].AsInt()), end = Layouts.Wrap(x, a[2].AsInt());
        var sizes = b.Sizes(x);
        return b.View(x, [.. sizes[..start], b.Product(x, start, end), .. sizes[(end + 1)..]]);
    }

    private static Value Unflatten(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        int dim = Layouts.Wrap(x, a[1].AsInt());
        Argument[] inner = [.. a[2].AsList()];
        int inferred = Array.FindIndex(inner, s => s.IsInt && s.AsInt() == -1);
        if (inferred >= 0)
        {
            Argument known = 1;
            for (int i = 0; i < inner.Length; i++)
                if (i != inferred)
                    known = Numbers.Mul(b, known, inner[i]);
            inner[inferred] = known.IsInt && known.AsInt() == 0 ? 0 : Numbers.FloorDiv(b, b.SizeOf(x, dim), known);
        }
        var sizes = b.Sizes(x);
        return b.View(x, [.. sizes[..dim], .. inner, .. sizes[(dim + 1)..]]);
    }

    private static Value SqueezeAll(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        return b.Squeeze(x, [.. Enumerable.Range(0, x.Spec.Rank).Select(d => (long)d)]);
    }

    private static Value[] AtLeastAll(IGraphBuilder b, IReadOnlyList<Argument> a, int rank) =>
        [.. a[0].AsList().Select(t => AtLeast(b, t.AsValue(), rank))];

    private static Value Resize(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        long wanted = a[1].AsInts().Aggregate(1L, (n, s) => n * s);
        if (!x.Spec.IsStatic || wanted > x.Spec.MaxNumel)
            throw Unsupported($"resize of {x.Spec} to more elements");
        var flat = b.View(x, (Argument)(-1));
        return b.View(b.Slice(flat, 0, 0, wanted), [.. a[1].AsList()]);
    }
}
