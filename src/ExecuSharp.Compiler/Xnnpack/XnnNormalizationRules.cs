using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>Softmax, and layer norm taken apart into the nodes that XNNPACK has.</summary>
internal static class XnnNormalizationRules
{
    private static readonly ExecuTorchRelease R06 = new(0, 6);

    public static IEnumerable<(string, XnnRule)> Rows
    {
        get
        {
            yield return ("aten::_softmax", new XnnRule(
                (n, _) => n.Args[2].AsBool() ? "it changes the element type"
                    : (n.Args[1].AsInt() is var dim && (dim == -1 || dim == n.Output.Spec.Rank - 1)) && n.Output.Spec.Rank > 0 ? null : "XNNPACK's softmax is over the last dimension",
                (n, b) => b.Add(new XnnUnaryNode(XnnNodeType.Softmax, b.Id(n.Args[0].AsValue()), b.Bind(n.Output), 0))));
            yield return ("aten::native_layer_norm", new XnnRule(CheckLayerNorm, LowerLayerNorm));
        }
    }

    private static string? CheckLayerNorm(Node node, XnnCheck check)
    {
        if (check.Target < R06)
            return $"the reciprocal square root exists since ExecuTorch 0.6, the target is {check.Target}";
        if (node.Args[1].AsList().Count != 1)
            return "it normalises over more than the last dimension";
        if (!check.IsUnused(node.Outputs[1]) || !check.IsUnused(node.Outputs[2]))
            return "its mean or deviation is used";
        if (node.Output.Spec.Rank < 2 || node.Output.Spec.Type != ScalarType.Float)
            return "it is no Float tensor of two or more dimensions";
        if (!node.Output.Spec.Sizes[^1].IsStatic)
            return "its last size is dynamic";
        return (node.Args[2].IsNone || check.IsConstant(node.Args[2])) && (node.Args[3].IsNone || check.IsConstant(node.Args[3])) ? null : "its weight or bias is no constant";
    }

    // mean = x·(1/D), c = x − mean, v = c²·(1/D) + eps, y = c·rsqrt(v)·weight + bias. The means are products with a column of 1/D, which
    // XNNPACK computes faster than any of its reductions over the last dimension.
    private static void LowerLayerNorm(Node node, XnnBuilder builder)
    {
        var input = node.Args[0].AsValue();
        var dims = XnnBuilder.DimsOf(input);
        int width = (int)dims[^1];
        uint[] column = [.. dims[..^1], 1];
        const XnnDatatype Type = XnnDatatype.Fp32;
        var ones = new float[width];
        Array.Fill(ones, 1f / width);
        uint average = builder.Constant(Tensor.From<float>(ones, 1, width));
        uint eps = builder.Constant(Tensor.From<float>([(float)node.Args[4].AsDouble()], 1));
        uint x = builder.Id(input);
        uint mean = builder.New(Type, column), centred = builder.New(Type, dims), squared = builder.New(Type, dims);
        uint variance = builder.New(Type, column), scale = builder.New(Type, column);
        builder.Add(new XnnFullyConnectedNode(x, average, XnnValue.None, mean, 0));
        builder.Add(new XnnBinaryNode(XnnNodeType.Subtract, x, mean, centred, 0));
        builder.Add(new XnnUnaryNode(XnnNodeType.Square, centred, squared, 0));
        builder.Add(new XnnFullyConnectedNode(squared, average, eps, variance, 0));
        builder.Add(new XnnUnaryNode(XnnNodeType.ReciprocalSquareRoot, variance, scale, 0));
        uint? weight = node.Args[2].IsNone ? null : builder.Id(node.Args[2].AsValue());
        uint? bias = node.Args[3].IsNone ? null : builder.Id(node.Args[3].AsValue());
        uint normal = weight is null && bias is null ? builder.Bind(node.Output) : builder.New(Type, dims);
        builder.Add(new XnnBinaryNode(XnnNodeType.Multiply, centred, scale, normal, 0));
        if (weight is { } w)
        {
            uint weighted = bias is null ? builder.Bind(node.Output) : builder.New(Type, dims);
            builder.Add(new XnnBinaryNode(XnnNodeType.Multiply, normal, w, weighted, 0));
            normal = weighted;
        }
        if (bias is { } add)
            builder.Add(new XnnBinaryNode(XnnNodeType.Add, normal, add, builder.Bind(node.Output), 0));
    }
}
