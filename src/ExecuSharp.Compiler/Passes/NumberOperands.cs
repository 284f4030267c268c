using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>A constant of one element that meets a Float tensor becomes a number of the call: no constant to store, no broadcasting.</summary>
internal sealed class NumberOperands : IRewriteRule
{
    public string Name => "number operands";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (node.Op is not ("aten::add.Tensor" or "aten::sub.Tensor" or "aten::mul.Tensor" or "aten::div.Tensor") || node.Output.Spec.Type != ScalarType.Float)
            return null;
        bool commutes = node.Op is "aten::add.Tensor" or "aten::mul.Tensor";
        if (node.Op is "aten::add.Tensor" or "aten::sub.Tensor" && node.Args[2].AsScalar().ToDouble() != 1)
            return null;
        for (int side = 0; side < (commutes ? 2 : 1); side++)
        {
            if (rewrite.Constant(node.Args[1 - side]) is not { Numel: 1, Type: ScalarType.Float } number || !node.Args[side].IsValue || !node.Args[side].AsSpec().Equals(node.Output.Spec))
                continue;
            float element = number.Span<float>()[0];
            return float.IsFinite(element) ? new Patch(((IGraphBuilder)rewrite.Builder).Call(node.Op.Replace(".Tensor", ".Scalar", StringComparison.Ordinal), node.Args[side], (double)element)) : null;
        }
        return null;
    }
}
