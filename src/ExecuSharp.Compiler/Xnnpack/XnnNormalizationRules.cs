using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>Softmax, and layer norm taken apart into the nodes that XNNPACK has.</summary>
internal static class XnnNormalizationRules
{
    public static IEnumerable<(string, XnnRule)> Rows
    {
        get
        {
            yield return ("aten::_softmax", new XnnRule(
                (n, _) => n.Args[2].AsBool() ? "it changes the element type"
                    : (n.Args[1].AsInt() is var dim && (dim == -1 || dim == n.Output.Spec.Rank - 1)) && n.Output.Spec.Rank > 0 ? null : "XNNPACK's softmax is over the last dimension",
                (n, b) => b.Add(new XnnUnaryNode(XnnNodeType.Softmax, b.Id(n.Args[0].AsValue()), b.Bind(n.Output), 0))));
            yield return ("aten::native_layer_norm", new XnnRule(CheckLayerNorm, LowerLayerNorm));
            yield return ("aten::rms_norm", new XnnRule(CheckNorm, LowerRmsNorm));
        }
    }

    private static string? CheckLayerNorm(Node node, XnnCheck check)
    {
        if (!check.IsUnused(node.Outputs[1]) || !check.IsUnused(node.Outputs[2]))
            return "its mean or deviation is used";
        return node.Args[3].IsNone || check.IsConstant(node.Args[3]) ? CheckNorm(node, check) : "its bias is no constant";
    }

    private static string? CheckNorm(Node node, XnnCheck check)
    {
        if (check.Target < XnnNodeReleases.First(XnnNodeType.ReciprocalSquareRoot))
            return $"the reciprocal square root exists since ExecuTorch 0.6, the target is {check.Target}";
        if (node.Args[1].AsList().Count != 1)
            return "it normalises over more than the last dimension";
        if (node.Output.Spec.Rank < 2 || node.Output.Spec.Type != ScalarType.Float)
            return "it is no Float tensor of two or more dimensions";
        if (!node.Output.Spec.Sizes[^1].IsStatic)
            return "its last size is dynamic";
        return node.Args[2].IsNone || check.IsConstant(node.Args[2]) ? null : "its weight is no constant";
    }

    private static void LowerRmsNorm(Node node, XnnBuilder builder)
    {
        var dims = XnnBuilder.DimsOf(node.Output);
        uint x = builder.Id(node.Args[0].AsValue());
        float eps = node.Args[3].IsNone ? MathF.ScaleB(1, -23) : (float)node.Args[3].AsDouble();
        uint normal = node.Args[2].IsNone ? builder.Bind(node.Output) : builder.New(XnnDatatype.Fp32, dims);
        Divide(builder, x, dims, [.. dims[..^1], 1], normal, RowMeans(builder, (int)dims[^1], eps));
        if (!node.Args[2].IsNone)
            builder.Add(new XnnBinaryNode(XnnNodeType.Multiply, normal, builder.Id(node.Args[2].AsValue()), builder.Bind(node.Output), 0));
    }

    private static void LowerLayerNorm(Node node, XnnBuilder builder)
    {
        var dims = XnnBuilder.DimsOf(node.Args[0].AsValue());
        uint x = builder.Id(node.Args[0].AsValue());
        uint? weight = node.Args[2].IsNone ? null : builder.Id(node.Args[2].AsValue());
        uint? bias = node.Args[3].IsNone ? null : builder.Id(node.Args[3].AsValue());
        uint normal = weight is null && bias is null ? builder.Bind(node.Output) : builder.New(XnnDatatype.Fp32, dims);
        Normalize(builder, x, dims, [.. dims[..^1], 1], normal, RowMeans(builder, (int)dims[^1], (float)node.Args[4].AsDouble()));
        if (weight is { } w)
        {
            uint weighted = bias is null ? builder.Bind(node.Output) : builder.New(XnnDatatype.Fp32, dims);
            builder.Add(new XnnBinaryNode(XnnNodeType.Multiply, normal, w, weighted, 0));
            normal = weighted;
        }
        if (bias is { } add)
            builder.Add(new XnnBinaryNode(XnnNodeType.Add, normal, add, builder.Bind(node.Output), 0));
    }

    /// <summary>Means over the last dimension, eps added if asked for: a product with a row of 1/D, which XNNPACK computes faster than any of its reductions.</summary>
    public static Action<uint, uint, bool> RowMeans(XnnBuilder builder, int width, float eps)
    {
        var row = new float[width];
        Array.Fill(row, 1f / width);
        uint average = builder.Constant(Tensor.From<float>(row, 1, width)), bias = builder.Scalar(eps, ScalarType.Float);
        return (x, y, addEps) => builder.Add(new XnnFullyConnectedNode(x, average, addEps ? bias : XnnValue.None, y, 0));
    }

    /// <summary>Means over the image of a value with channels last, eps added if asked for.</summary>
    public static Action<uint, uint, bool> ImageMeans(XnnBuilder builder, float eps) => (x, y, addEps) =>
    {
        uint mean = addEps ? builder.NewLike(y, builder.DimsOf(y)) : y;
        builder.Add(new XnnUnaryNode(XnnNodeType.GlobalAvgPooling2d, x, mean, XnnSpatialRules.KeepDims));
        if (addEps)
            builder.Add(new XnnBinaryNode(XnnNodeType.Add, mean, builder.Scalar(eps, ScalarType.Float), y, 0));
    };

    /// <summary>c = x − mean(x), y = c·rsqrt(mean(c²) + eps).</summary>
    /// <param name="builder">Takes the nodes.</param>
    /// <param name="x">What is normalised.</param>
    /// <param name="dims">Its sizes.</param>
    /// <param name="reduced">The sizes of its mean.</param>
    /// <param name="y">The result.</param>
    /// <param name="average">Adds the nodes of a mean, from the first value to the second; with eps if the third is true.</param>
    public static void Normalize(XnnBuilder builder, uint x, uint[] dims, uint[] reduced, uint y, Action<uint, uint, bool> average)
    {
        const XnnDatatype Type = XnnDatatype.Fp32;
        uint mean = builder.New(Type, reduced), centred = builder.New(Type, dims);
        average(x, mean, false);
        builder.Add(new XnnBinaryNode(XnnNodeType.Subtract, x, mean, centred, 0));
        Divide(builder, centred, dims, reduced, y, average);
    }

    // y = x·rsqrt(mean(x²) + eps)
    private static void Divide(XnnBuilder builder, uint x, uint[] dims, uint[] reduced, uint y, Action<uint, uint, bool> average)
    {
        uint squared = builder.New(XnnDatatype.Fp32, dims), variance = builder.New(XnnDatatype.Fp32, reduced), scale = builder.New(XnnDatatype.Fp32, reduced);
        builder.Add(new XnnUnaryNode(XnnNodeType.Square, x, squared, 0));
        average(squared, variance, true);
        builder.Add(new XnnUnaryNode(XnnNodeType.ReciprocalSquareRoot, variance, scale, 0));
        builder.Add(new XnnBinaryNode(XnnNodeType.Multiply, x, scale, y, 0));
    }
}
