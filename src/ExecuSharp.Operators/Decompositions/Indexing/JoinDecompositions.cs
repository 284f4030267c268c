using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Decompositions.Views;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Indexing;

/// <summary>Joining and repeating tensors.</summary>
internal static class JoinDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::concat(Tensor[] tensors, int dim=0) -> Tensor", (b, a) => b.Cat(Tensors(a[0]), a[1].AsInt())),
        One("aten::concatenate(Tensor[] tensors, int dim=0) -> Tensor", (b, a) => b.Cat(Tensors(a[0]), a[1].AsInt())),
        One("aten::hstack(Tensor[] tensors) -> Tensor", (b, a) => b.Cat([.. Tensors(a[0]).Select(t => ViewDecompositions.AtLeast(b, t, 1))], Tensors(a[0])[0].Spec.Rank <= 1 ? 0 : 1)),
        One("aten::vstack(Tensor[] tensors) -> Tensor", (b, a) => b.Cat([.. Tensors(a[0]).Select(t => ViewDecompositions.AtLeast(b, t, 2))], 0)),
        One("aten::dstack(Tensor[] tensors) -> Tensor", (b, a) => b.Cat([.. Tensors(a[0]).Select(t => ViewDecompositions.AtLeast(b, t, 3))], 2)),
        One("aten::column_stack(Tensor[] tensors) -> Tensor", (b, a) => b.Cat([.. Tensors(a[0]).Select(t => t.Spec.Rank > 1 ? t : b.View(t, (Argument)(-1), 1))], 1)),
        One("aten::_chunk_cat(Tensor[] tensors, int dim, int num_chunks) -> Tensor", ChunkCat),
        One("aten::tile(Tensor self, SymInt[] dims) -> Tensor", Tile),
        One("aten::repeat_interleave.self_int(Tensor self, SymInt repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor", RepeatEach),
        One("aten::repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor", RepeatBy),
        One("aten::block_diag(Tensor[] tensors) -> Tensor", BlockDiagonal),
    ];

    private static Value[] Tensors(Argument list) => [.. list.AsList().Select(t => t.AsValue())];

    private static Value ChunkCat(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        long chunks = a[2].AsInt();
        var parts = new List<Value>();
        foreach (var x in Tensors(a[0]))
        {
            int dim = Layouts.Wrap(x, a[1].AsInt());
            long size = x.Spec.Sizes[dim].Value, part = (size + chunks - 1) / chunks;
            var padded = part * chunks == size ? x : b.Call1("aten::constant_pad_nd", x, Pad(x.Spec.Rank, dim, 0, (part * chunks) - size), 0);
            var sizes = b.Sizes(x);
            parts.Add(b.View(padded, [.. sizes[..dim], chunks, -1]));
        }
        return b.Cat(parts, parts[0].Spec.Rank - 1);
    }

    /// <summary>The padding list of constant_pad_nd for one dimension.</summary>
    public static long[] Pad(int rank, int dim, long before, long after)
    {
        var pad = new long[2 * (rank - dim)];
        (pad[^2], pad[^1]) = (before, after);
        return pad;
    }

    private static Value Tile(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var times = a[1].AsList();
        int rank = a[0].AsSpec().Rank;
        return b.Call1("aten::repeat", a[0], (Argument[])[.. Enumerable.Repeat((Argument)1, Math.Max(rank - times.Count, 0)), .. times]);
    }

    private static Value RepeatEach(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        if (a[2].IsNone)
            x = b.View(x, (Argument)(-1));
        int dim = a[2].IsNone ? 0 : Layouts.Wrap(x, a[2].AsInt());
        var sizes = b.Sizes(x);
        var wide = b.Expand(b.Unsqueeze(x, dim + 1), [.. sizes[..(dim + 1)], a[1], .. sizes[(dim + 1)..]]);
        return b.View(wide, [.. sizes[..dim], Numbers.Mul(b, sizes[dim], a[1]), .. sizes[(dim + 1)..]]);
    }

    private static Value RepeatBy(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        if (a[2].IsNone)
            x = b.View(x, (Argument)(-1));
        int dim = a[2].IsNone ? 0 : Layouts.Wrap(x, a[2].AsInt());
        var repeats = a[1].AsValue();
        if (repeats.Spec.MaxNumel == 1)
            repeats = b.Expand(b.View(repeats, (Argument)1), b.SizeOf(x, dim));
        return b.Call1("aten::index_select", x, dim, b.Call1("aten::repeat_interleave.Tensor", repeats, a[3]));
    }

    private static Value BlockDiagonal(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        Value[] blocks = [.. Tensors(a[0]).Select(t => ViewDecompositions.AtLeast(b, t, 2))];
        long width = blocks.Sum(t => t.Spec.Sizes[1].Value), left = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            long own = blocks[i].Spec.Sizes[1].Value;
            blocks[i] = b.Call1("aten::constant_pad_nd", blocks[i], (long[])[left, width - left - own], 0);
            left += own;
        }
        return b.Cat(blocks, 0);
    }
}
