using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>A reshape of a reshape is one reshape; a permutation of a permutation is one permutation.</summary>
internal sealed class ViewMerging : IRewriteRule
{
    private static readonly HashSet<string> Views = new(StringComparer.Ordinal)
    {
        "aten::view_copy", "aten::unsqueeze_copy", "aten::squeeze_copy.dim", "aten::squeeze_copy.dims",
    };

    public string Name => "view merging";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (Views.Contains(node.Op))
            return MergeViews(node, rewrite);
        return node.Op == "aten::permute_copy" && rewrite.Producer(node.Args[0], "aten::permute_copy") is { } inner
            ? MergePermutations(node, inner, rewrite)
            : null;
    }

    private static Patch? MergeViews(Node node, RewriteContext rewrite)
    {
        if (rewrite.Producer(node.Args[0].AsValue()) is not { } inner || !Views.Contains(inner.Op) || !node.Output.Spec.IsStatic || !inner.Args[0].AsSpec().IsStatic)
            return null;
        return new Patch(((IGraphBuilder)rewrite.Builder).Call("aten::view_copy", inner.Args[0], node.Output.Spec.MaxSizes));
    }

    private static Patch MergePermutations(Node node, Node inner, RewriteContext rewrite)
    {
        int rank = node.Output.Spec.Rank;
        var outer = node.Args[1].AsInts().Select(d => d < 0 ? d + rank : d).ToArray();
        var first = inner.Args[1].AsInts().Select(d => d < 0 ? d + rank : d).ToArray();
        long[] both = [.. outer.Select(d => first[d])];
        return new Patch(((IGraphBuilder)rewrite.Builder).Call("aten::permute_copy", inner.Args[0], both));
    }
}
