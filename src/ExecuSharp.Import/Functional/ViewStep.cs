using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Functional;

/// <summary>One view operator: how to take the view again, and how to put a new content back.</summary>
/// <param name="Op">Functional name: <c>aten::select.int</c>.</param>
/// <param name="Args">All arguments; the first is replaced by the parent's content.</param>
/// <param name="Index">Which of the operator's results.</param>
internal sealed record ViewStep(string Op, IReadOnlyList<Argument> Args, int Index)
{
    /// <summary>Takes the view.</summary>
    public Value Apply(IGraphBuilder builder, Value parent) => builder.CallMany(Op, [parent, .. Args.Skip(1)])[Index];

    /// <summary>The parent's content with the view replaced.</summary>
    /// <exception cref="InvalidOperationException">Elements of the view overlap, or the operator cannot be inverted.</exception>
    public Value Invert(IGraphBuilder builder, Value parent, Value content)
    {
        var sizes = parent.Spec.Sizes;
        switch (ViewOperators.KindOf(Op))
        {
            case ViewKind.Reshape:
                return Same(parent, content) ? content : builder.Call("aten::view_copy", content, Enumerable.Range(0, parent.Spec.Rank).Select(d => builder.SizeOf(parent, d)).ToArray());
            case ViewKind.Permute:
                int[] order = ViewOperators.Order(Op, Args, parent.Spec.Rank);
                var inverse = new long[order.Length];
                for (int i = 0; i < order.Length; i++)
                    inverse[order[i]] = i;
                return builder.Call("aten::permute_copy", content, inverse);
            case ViewKind.Slice:
                return builder.Call("aten::slice_scatter", parent, content, Args[1], Args[2], Args[3], Args[4]);
            case ViewKind.Narrow:
                return Put(builder, parent, content, Wrap(Args[1].AsInt(), sizes.Length), Args[2].AsInt());
            case ViewKind.Select:
                return builder.Call("aten::select_scatter", parent, content, Args[1], Args[2]);
            case ViewKind.Parts:
                int dim = Wrap(ViewOperators.PartsDim(Op, Args, sizes.Length), sizes.Length);
                long start = 0;
                var parts = builder.CallMany(Op, [parent, .. Args.Skip(1)]);
                for (int i = 0; i < Index; i++)
                    start += parts[i].Spec.Sizes[dim].Value;
                return Put(builder, parent, content, dim, start);
            case ViewKind.Unbind:
                return builder.Call("aten::select_scatter", parent, content, Args.Count > 1 ? Args[1] : 0, Index);
            case ViewKind.Diagonal:
                return builder.Call("aten::diagonal_scatter", [parent, content, .. Args.Skip(1)]);
            case ViewKind.Expand when Same(parent, content):
                return content;
            default:
                throw new InvalidOperationException($"a write to a view made by {Op} cannot be put back");
        }
    }

    private static Value Put(IGraphBuilder builder, Value parent, Value content, int dim, long start) =>
        builder.Call("aten::slice_scatter", parent, content, dim, start, start + content.Spec.Sizes[dim].Value, 1);

    private static bool Same(Value a, Value b) => a.Spec.Sizes.AsSpan().SequenceEqual(b.Spec.Sizes);

    private static int Wrap(long dim, int rank) => (int)(dim < 0 ? dim + rank : dim);
}
