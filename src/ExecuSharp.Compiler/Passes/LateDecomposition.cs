using ExecuSharp.Graphs;
using ExecuSharp.Operators.Decompositions;

namespace ExecuSharp.Compiler.Passes;

/// <summary>Writes what no delegate took with operators that the target's runtime has: those without a kernel, and those whose kernel came with a later release.</summary>
internal sealed class LateDecomposition(ExecuTorchRelease target) : IRewriteRule
{
    public string Name => "late decomposition";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        var op = node.Operator;
        bool hasKernel = op.OutName is { } kernel && KernelReleases.First(kernel) <= target;
        if (hasKernel && node.Op != "aten::linear")
            return null;
        if (op.OutName is not null && !hasKernel && OlderKernels.Adapt(node.Op, rewrite.Builder, node.Args) is { } adapted)
            return new Patch(adapted);
        return op.Decompose is { } decompose && decompose(rewrite.Builder, node.Args) is { } values ? new Patch(values) : null;
    }
}
