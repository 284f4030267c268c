using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>x op expand(y) becomes x op y where the operator broadcasts y to the same sizes itself.</summary>
internal sealed class ExpandRemoval : IRewriteRule
{
    private static readonly HashSet<string> Broadcasting = new(StringComparer.Ordinal)
    {
        "aten::add.Tensor", "aten::sub.Tensor", "aten::mul.Tensor", "aten::div.Tensor", "aten::maximum", "aten::minimum",
    };

    public string Name => "expand removal";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (!Broadcasting.Contains(node.Op) || !node.Args[0].IsValue || !node.Args[1].IsValue)
            return null;
        for (int side = 0; side < 2; side++)
        {
            Value expanded = node.Args[side].AsValue(), other = node.Args[1 - side].AsValue();
            if (rewrite.Producer(expanded) is not { Op: "aten::expand_copy" } expand || !other.Spec.Sizes.SequenceEqual(node.Output.Spec.Sizes))
                continue;
            var args = node.Args.ToArray();
            args[side] = expand.Args[0];
            return new Patch(((IGraphBuilder)rewrite.Builder).Call(node.Op, args));
        }
        return null;
    }
}
