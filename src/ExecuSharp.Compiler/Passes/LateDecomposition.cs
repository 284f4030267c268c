using ExecuSharp.Graphs;

namespace ExecuSharp.Compiler.Passes;

/// <summary>Writes what no delegate took with operators that every runtime has: those that only the optimized library has, and those without a kernel.</summary>
internal sealed class LateDecomposition : IRewriteRule
{
    public string Name => "late decomposition";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (node.Operator.Decompose is not { } decompose || (node.Operator.OutName is not null && node.Op != "aten::linear"))
            return null;
        return decompose(rewrite.Builder, node.Args) is { } values ? new Patch(values) : null;
    }
}
