using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Indexing;

/// <summary>Diagonals and triangles of matrices.</summary>
internal static class DiagonalDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::diagonal(Tensor self, int offset=0, int dim1=0, int dim2=1) -> Tensor", (b, a) => b.Call1("aten::diagonal_copy", a[0], a[1], a[2], a[3])),
        One("aten::linalg_diagonal(Tensor A, *, int offset=0, int dim1=-2, int dim2=-1) -> Tensor", (b, a) => b.Call1("aten::diagonal_copy", a[0], a[1], a[2], a[3])),
        One("aten::diag(Tensor self, int diagonal=0) -> Tensor",
            (b, a) => a[0].AsSpec().Rank == 1 ? Embed(b, a[0].AsValue(), a[1].AsInt(), -2, -1) : b.Call1("aten::diagonal_copy", a[0], a[1], 0, 1)),
        One("aten::diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor", (b, a) => Embed(b, a[0].AsValue(), a[1].AsInt(), a[2].AsInt(), a[3].AsInt())),
        One("aten::diagflat(Tensor self, int offset=0) -> Tensor", (b, a) => Embed(b, b.View(a[0].AsValue(), (Argument)(-1)), a[1].AsInt(), -2, -1)),
        One("aten::diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor", Scatter),
        One("aten::triu(Tensor self, SymInt diagonal=0) -> Tensor", Upper),
    ];

    private static Value Embed(IGraphBuilder b, Value x, long offset, long dim1, long dim2)
    {
        int rank = x.Spec.Rank + 1;
        int size = (int)(x.Spec.Sizes[^1].Value + Math.Abs(offset));
        var placed = Place(b, x, size, size, offset, b.Constant(Constants.Filled(x.Spec.Type, [], 0)));
        return Move(b, placed, Wrap(dim1, rank), Wrap(dim2, rank));
    }

    private static Value Scatter(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        int rank = x.Spec.Rank, dim1 = Wrap(a[3].AsInt(), rank), dim2 = Wrap(a[4].AsInt(), rank);
        int[] order = [.. Enumerable.Range(0, rank).Where(d => d != dim1 && d != dim2), dim1, dim2];
        var last = b.Permute(x, order);
        var placed = Place(b, b.Cast(a[1].AsValue(), x.Spec.Type), (int)last.Spec.Sizes[^2].Value, (int)last.Spec.Sizes[^1].Value, a[2].AsInt(), last);
        return Move(b, placed, dim1, dim2);
    }

    /// <summary>A matrix in the last two dimensions with x on a diagonal and something else around it.</summary>
    private static Value Place(IGraphBuilder b, Value x, int rows, int columns, long offset, Value otherwise)
    {
        long left = Math.Max(offset, 0), right = columns - left - x.Spec.Sizes[^1].Value;
        var row = left == 0 && right == 0 ? x : b.Call1("aten::constant_pad_nd", x, (long[])[left, right], 0);
        return b.Where(b.Constant(Constants.Mask(rows, columns, (r, c) => c - r == offset)), b.Unsqueeze(row, -2), otherwise);
    }

    /// <summary>Moves the last two dimensions to the given places.</summary>
    private static Value Move(IGraphBuilder b, Value x, int dim1, int dim2)
    {
        var order = new int[x.Spec.Rank];
        int next = 0;
        for (int d = 0; d < order.Length; d++)
            order[d] = d == dim1 ? order.Length - 2 : d == dim2 ? order.Length - 1 : next++;
        return b.Permute(x, order);
    }

    private static Value Upper(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        var (rows, columns) = (x.Spec.Sizes[^2], x.Spec.Sizes[^1]);
        long diagonal = a[1].AsInt();
        var lower = b.Constant(Constants.Mask((int)rows.Value, (int)columns.Value, (r, c) => c - r < diagonal));
        if (!rows.IsStatic)
            lower = b.Slice(lower, 0, 0, b.SizeOf(x, -2));
        if (!columns.IsStatic)
            lower = b.Slice(lower, 1, 0, b.SizeOf(x, -1));
        return b.Where(lower, b.Constant(Constants.Filled(x.Spec.Type, [], 0)), x);
    }

    private static int Wrap(long dim, int rank) => (int)(dim < 0 ? dim + rank : dim);
}
