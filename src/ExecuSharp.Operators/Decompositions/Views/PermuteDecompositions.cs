using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Views;

/// <summary>Views that reorder dimensions.</summary>
internal static class PermuteDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::permute(Tensor self, int[] dims) -> Tensor", (b, a) => b.Permute(a[0].AsValue(), [.. a[1].AsInts().Select(d => (int)d)])),
        One("aten::transpose.int(Tensor self, int dim0, int dim1) -> Tensor", Swap),
        One("aten::swapaxes(Tensor self, int axis0, int axis1) -> Tensor", Swap),
        One("aten::swapdims(Tensor self, int dim0, int dim1) -> Tensor", Swap),
        One("aten::t(Tensor self) -> Tensor", (b, a) => b.Swap(a[0].AsValue(), 0, -1)),
        One("aten::numpy_T(Tensor self) -> Tensor", (b, a) => b.Permute(a[0].AsValue(), [.. Enumerable.Range(0, a[0].AsSpec().Rank).Reverse()])),
        One("aten::mT(Tensor self) -> Tensor", LastTwo),
        One("aten::mH(Tensor self) -> Tensor", LastTwo),
        One("aten::adjoint(Tensor self) -> Tensor", LastTwo),
        One("aten::matrix_H(Tensor self) -> Tensor", LastTwo),
        One("aten::movedim.intlist(Tensor self, int[] source, int[] destination) -> Tensor", Move),
        One("aten::movedim.int(Tensor self, int source, int destination) -> Tensor", Move),
        One("aten::moveaxis.intlist(Tensor self, int[] source, int[] destination) -> Tensor", Move),
        One("aten::moveaxis.int(Tensor self, int source, int destination) -> Tensor", Move),
        One("aten::fliplr(Tensor self) -> Tensor", (b, a) => b.Flip(a[0].AsValue(), 1)),
        One("aten::flipud(Tensor self) -> Tensor", (b, a) => b.Flip(a[0].AsValue(), 0)),
        One("aten::rot90(Tensor self, int k=1, int[] dims=[0,1]) -> Tensor", Rotate),
        One("aten::channel_shuffle(Tensor self, SymInt groups) -> Tensor", ChannelShuffle),
        One("aten::native_channel_shuffle(Tensor self, SymInt groups) -> Tensor", ChannelShuffle),
    ];

    private static Value Swap(IGraphBuilder b, IReadOnlyList<Argument> a) => b.Swap(a[0].AsValue(), a[1].AsInt(), a[2].AsInt());

    private static Value LastTwo(IGraphBuilder b, IReadOnlyList<Argument> a) => b.Swap(a[0].AsValue(), -2, -1);

    private static Value Move(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        int[] from = [.. ShapeRules.Dims(a[1]).Select(d => Layouts.Wrap(x, d))];
        int[] to = [.. ShapeRules.Dims(a[2]).Select(d => Layouts.Wrap(x, d))];
        var order = new int[x.Spec.Rank];
        Array.Fill(order, -1);
        for (int i = 0; i < from.Length; i++)
            order[to[i]] = from[i];
        var rest = new Queue<int>(Enumerable.Range(0, order.Length).Except(from));
        for (int i = 0; i < order.Length; i++)
            if (order[i] < 0)
                order[i] = rest.Dequeue();
        return b.Permute(x, order);
    }

    private static Value Rotate(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        long[] dims = a[2].AsInts();
        long turns = ((a[1].AsInt() % 4) + 4) % 4;
        return turns switch
        {
            1 => b.Swap(b.Flip(x, dims[1]), dims[0], dims[1]),
            2 => b.Flip(x, dims),
            3 => b.Swap(b.Flip(x, dims[0]), dims[0], dims[1]),
            _ => x,
        };
    }

    private static Value ChannelShuffle(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        var sizes = b.Sizes(x);
        long groups = a[1].AsInt(), channels = x.Spec.Sizes[1].Value;
        var split = b.View(x, [sizes[0], groups, channels / groups, .. sizes[2..]]);
        return b.View(b.Swap(split, 1, 2), sizes);
    }
}
