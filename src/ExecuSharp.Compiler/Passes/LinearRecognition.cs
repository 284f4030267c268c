using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>
/// Writes the product of a tensor of any rank with a constant matrix, which importers write as reshape, <c>mm</c>, reshape, as a linear layer, and takes the
/// sum with a constant vector behind it in. XNNPACK's node does not care about the leading dimensions.
/// </summary>
internal sealed class LinearRecognition : IRewriteRule
{
    public string Name => "linear recognition";

    public Patch? Apply(Node node, RewriteContext rewrite) => node.Op switch
    {
        "aten::view_copy" => FromProduct(node, rewrite),
        "aten::add.Tensor" => WithBias(node, rewrite),
        _ => null,
    };

    private static Patch? FromProduct(Node node, RewriteContext rewrite)
    {
        if (rewrite.Producer(node.Args[0], "aten::mm") is not { } product || rewrite.UseCount(product.Output) != 1 || rewrite.Producer(product.Args[0], "aten::view_copy") is not { } flat)
            return null;
        var input = flat.Args[0].AsValue();
        TensorSpec from = input.Spec, to = node.Output.Spec, weight = product.Args[1].AsSpec();
        if (from.Rank < 2 || from.Rank != to.Rank || !from.Sizes.AsSpan(0, from.Rank - 1).SequenceEqual(to.Sizes.AsSpan(0, to.Rank - 1)))
            return null;
        if (from.Sizes[^1] != weight.Sizes[0] || to.Sizes[^1] != weight.Sizes[1] || !IsConstant(product.Args[1], rewrite))
            return null;
        IGraphBuilder b = rewrite.Builder;
        return new Patch(b.Call("aten::linear", input, b.Call("aten::permute_copy", product.Args[1], new long[] { 1, 0 }), Argument.None));
    }

    private static Patch? WithBias(Node node, RewriteContext rewrite)
    {
        for (int side = 0; side < 2; side++)
        {
            if (rewrite.Producer(node.Args[side], "aten::linear") is not { } linear || rewrite.UseCount(linear.Output) != 1 || !linear.Args[2].IsNone)
                continue;
            var bias = node.Args[1 - side];
            if (rewrite.Constant(bias) is not { Rank: 1 } vector || vector.Numel != linear.Output.Spec.Sizes[^1].Value || vector.Type != linear.Output.Spec.Type || node.Args[2].AsScalar().ToDouble() != 1)
                continue;
            return new Patch(((IGraphBuilder)rewrite.Builder).Call("aten::linear", linear.Args[0], linear.Args[1], bias));
        }
        return null;
    }

    private static bool IsConstant(Argument argument, RewriteContext rewrite) => rewrite.Constant(argument) is not null
        || (rewrite.Producer(argument.AsValue()) is { Op: "quantized_decomposed::dequantize_per_tensor" or "quantized_decomposed::dequantize_per_channel" } source && rewrite.Constant(source.Args[0]) is not null);
}
