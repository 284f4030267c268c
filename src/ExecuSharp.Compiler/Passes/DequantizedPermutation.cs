using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>Permutes the codes of a constant instead of the values that are dequantized from them, so that the weight stays codes.</summary>
internal sealed class DequantizedPermutation : IRewriteRule
{
    private const string Channels = "quantized_decomposed::dequantize_per_channel";

    public string Name => "permutation of dequantized constants";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (node.Op is not ("aten::permute_copy" or "aten::t_copy" or "aten::transpose_copy.int"))
            return null;
        var source = rewrite.Producer(node.Args[0], Channels) ?? rewrite.Producer(node.Args[0], "quantized_decomposed::dequantize_per_tensor");
        if (source is null || rewrite.Constant(source.Args[0]) is null || rewrite.UseCount(source.Output) != 1)
            return null;
        var codes = rewrite.Builder.Add(node.Operator, [source.Args[0], .. node.Args.Skip(1)])[0];
        Argument[] args = [.. source.Args];
        args[0] = codes;
        if (source.Op == Channels)
            args[3] = Array.IndexOf(Order(node), (int)Wrap(args[3].AsInt(), node));
        return new Patch(rewrite.Builder.Add(source.Operator, args)[0]);
    }

    private static int[] Order(Node node)
    {
        int rank = node.Output.Spec.Rank;
        if (node.Op == "aten::permute_copy")
            return [.. node.Args[1].AsInts().Select(d => (int)Wrap(d, node))];
        int[] order = [.. Enumerable.Range(0, rank)];
        var (a, b) = node.Op == "aten::t_copy" ? (0, rank - 1) : ((int)Wrap(node.Args[1].AsInt(), node), (int)Wrap(node.Args[2].AsInt(), node));
        (order[a], order[b]) = (order[b], order[a]);
        return order;
    }

    private static long Wrap(long dim, Node node) => dim < 0 ? dim + node.Output.Spec.Rank : dim;
}
