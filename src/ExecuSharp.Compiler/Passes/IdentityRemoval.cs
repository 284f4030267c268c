using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>Removes calls that change nothing: copies, reshapes to the same sizes, permutations to the same order, whole slices, additions of zero.</summary>
internal sealed class IdentityRemoval : IRewriteRule
{
    public string Name => "identity removal";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (node.Outputs.Count != 1 || node.Args.Count == 0 || !node.Args[0].IsValue || node.Output.Kind != ValueKind.Tensor)
            return null;
        var input = node.Args[0].AsValue();
        if (input.Kind != ValueKind.Tensor || !SameSpec(input.Spec, node.Output.Spec))
            return null;
        return IsIdentity(node) ? new Patch(input) : null;
    }

    private static bool SameSpec(TensorSpec a, TensorSpec b) =>
        a.Type == b.Type && a.MaxSizes.AsSpan().SequenceEqual(b.MaxSizes) && a.DimOrder.AsSpan().SequenceEqual(b.DimOrder) && a.IsStatic == b.IsStatic;

    private static bool IsIdentity(Node node) => node.Op switch
    {
        "aten::clone" or "aten::alias_copy" or "aten::detach_copy" or "aten::lift_fresh_copy" or "aten::_to_copy" or "dim_order_ops::_clone_dim_order" or "dim_order_ops::_to_dim_order_copy" => true,
        "aten::view_copy" or "aten::expand_copy" => node.Output.Spec.IsStatic,
        "aten::squeeze_copy.dim" or "aten::squeeze_copy.dims" or "aten::slice_copy.Tensor" => node.Output.Spec.IsStatic,
        "aten::permute_copy" => node.Args[1].AsInts().Select((d, i) => (d < 0 ? d + node.Output.Spec.Rank : d) == i).All(same => same),
        "aten::repeat" => node.Output.Spec.IsStatic,
        "aten::constant_pad_nd" => node.Args[1].AsInts().All(p => p == 0),
        "aten::cat" => node.Args[0].AsList().Count == 1,
        _ => false,
    };
}
