using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>Quantize and dequantize. What reads a dequantized value converts it, if it cannot read the codes.</summary>
internal static class XnnQuantizationRules
{
    public static IEnumerable<(string, XnnRule)> Rows
    {
        get
        {
            yield return ("quantized_decomposed::quantize_per_tensor", Pair(LowerQuantize));
            foreach (string op in new[] { "dequantize_per_tensor", "quantize_per_tensor.tensor", "dequantize_per_tensor.tensor", "quantize_per_token", "dequantize_per_token" })
                yield return ("quantized_decomposed::" + op, Pair((_, _) => { }));
        }
    }

    private static XnnRule Pair(Action<Node, XnnBuilder> lower) => new(
        (n, c) => c.Quantized.IsConstant(n.Output) ? "it is a constant" : c.Quantized.Refusal(n, user => c.Refusal(user) is null),
        lower, IsMove: true, AnyType: true);

    private static void LowerQuantize(Node node, XnnBuilder builder)
    {
        // Codes that were only dequantized in between are the same again.
        if (builder.Quantized.Codes(node.Args[0].AsValue()) is { } codes && builder.IsMade(codes) && Equals(builder.Quantized.ParametersOf(codes), builder.Quantized.ParametersOf(node.Output)))
        {
            bool last = builder.IsChannelsLast(codes);
            builder.Alias(node.Output, last ? builder.LastId(codes) : builder.Id(codes), last);
            return;
        }
        XnnElementwiseRules.LowerSame(node, builder, (x, y) => new XnnUnaryNode(XnnNodeType.Convert, x, y, 0));
    }
}
