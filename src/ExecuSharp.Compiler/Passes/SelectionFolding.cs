using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>A selection whose condition is a constant of one value everywhere, such as an attention mask that hides nothing, is the chosen side.</summary>
internal sealed class SelectionFolding : IRewriteRule
{
    public string Name => "selection folding";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (node.Op != "aten::where.self" || rewrite.Constant(node.Args[0]) is not { Type: ScalarType.Bool, Numel: > 0 } condition)
            return null;
        bool anyFalse = condition.Bytes.Contains((byte)0), anyTrue = condition.Bytes.ContainsAnyExcept((byte)0);
        if (anyFalse == anyTrue || !node.Output.Spec.IsStatic)
            return null;
        var chosen = node.Args[anyTrue ? 1 : 2].AsValue();
        if (chosen.Spec.Type != node.Output.Spec.Type || !chosen.Spec.IsStatic)
            return null;
        if (chosen.Spec.Equals(node.Output.Spec))
            return new Patch(chosen);
        if (!node.Output.Spec.DimOrder.Select((d, i) => d == i).All(inOrder => inOrder))
            return null;
        return new Patch(((IGraphBuilder)rewrite.Builder).Call("aten::expand_copy", chosen, node.Output.Spec.MaxSizes));
    }
}
