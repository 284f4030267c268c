using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>Writes a linear layer as a matrix product, for runtimes without <c>aten::linear.out</c> (ExecuTorch 0.4).</summary>
internal sealed class LinearDecomposition : IRewriteRule
{
    public string Name => "linear decomposition";

    public Patch? Apply(Node node, RewriteContext rewrite) => node.Op == "aten::linear" ? AsProduct(node, rewrite.Builder) : null;

    private static Patch? AsProduct(Node node, IGraphBuilder b)
    {
        var input = node.Args[0].AsValue();
        bool flat = input.Spec.Rank == 2;
        if (!flat && !input.Spec.IsStatic)
            return null;
        int columns = (int)input.Spec.Sizes[^1].Value;
        var rows = flat ? input : b.Call("aten::view_copy", input, new long[] { input.Spec.MaxNumel / columns, columns });
        var weight = b.Call("aten::permute_copy", node.Args[1], new long[] { 1, 0 });
        var product = node.Args[2].IsNone ? b.Call("aten::mm", rows, weight) : b.Call("aten::addmm", node.Args[2], rows, weight);
        return new Patch(flat ? product : b.Call("aten::view_copy", product, node.Output.Spec.MaxSizes));
    }
}
