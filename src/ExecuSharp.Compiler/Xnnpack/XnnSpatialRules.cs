using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>Convolution, pooling and resizing: everything that wants channels last.</summary>
internal static class XnnSpatialRules
{
    public const uint KeepDims = 0x40;
    private const uint AlignCorners = 8;

    public static IEnumerable<(string, XnnRule)> Rows
    {
        get
        {
            yield return ("aten::convolution", new XnnRule(CheckConvolution, LowerConvolution));
            yield return ("aten::max_pool2d_with_indices", new XnnRule(CheckMaxPool, LowerMaxPool));
            yield return ("aten::avg_pool2d", new XnnRule(CheckAvgPool, LowerAvgPool));
            yield return ("aten::mean.dim", new XnnRule(CheckMean, LowerMean));
            yield return ("aten::_adaptive_avg_pool2d", new XnnRule(
                (n, _) => n.Output.Spec.Rank == 4 && n.Args[1].AsInts() is [1, 1] ? null : "XNNPACK averages over the whole image only",
                (n, b) => LowerGlobalAverage(n, b, keep: true)));
            yield return ("aten::upsample_bilinear2d.vec", new XnnRule(
                CheckResize,
                LowerResize));
        }
    }

    private static string? CheckConvolution(Node node, XnnCheck check)
    {
        if (!check.IsConstant(node.Args[1]))
            return "the weight is no constant";
        if (!node.Args[2].IsNone && !check.IsConstant(node.Args[2]))
            return "the bias is no constant";
        var weight = node.Args[1].AsSpec();
        if (weight.Rank is not (3 or 4) || node.Args[0].AsSpec().Rank != weight.Rank)
            return $"it has {node.Args[0].AsSpec().Rank - 2} spatial dimensions";
        bool transposed = node.Args[6].AsBool();
        if (node.Args[4].AsInts().Any(p => p < 0))
            return "the padding is negative";
        if (transposed && check.Target < XnnNodeReleases.First(XnnNodeType.ConvTranspose2d))
            return $"transposed convolution exists since ExecuTorch 0.6, the target is {check.Target}";
        if (transposed && node.Args[5].AsInts().Any(d => d != 1))
            return "a transposed convolution with dilation";
        return weight.Rank == 3 && node.Args[0].AsSpec().Sizes.Count(d => !d.IsStatic) > 1 ? "a one-dimensional convolution with two dynamic sizes" : null;
    }

    private static void LowerConvolution(Node node, XnnBuilder builder)
    {
        var input = node.Args[0].AsValue();
        var sizes = node.Args[1].AsSpec().MaxSizes;
        bool oneDimensional = sizes.Length == 3;
        var (stride, padding, dilation, adjustment) = (Pair(node.Args[3], 1), Pair(node.Args[4], 0), Pair(node.Args[5], 1), Pair(node.Args[7], 0));
        bool transposed = node.Args[6].AsBool();
        int groups = (int)node.Args[8].AsInt();
        if (oneDimensional)
        {
            sizes = [sizes[0], sizes[1], 1, sizes[2]];
            (stride, padding, dilation, adjustment) = ((1, stride.Item2), (0, padding.Item2), (1, dilation.Item2), (0, adjustment.Item2));
        }
        int inputChannels = (int)input.Spec.Sizes[1].Value, outputChannels = (int)node.Output.Spec.Sizes[1].Value;
        bool depthwise = !transposed && groups == inputChannels && groups > 1;
        uint filter = builder.Filter(node.Args[1], w => Filter(TensorTransforms.Reshape(w, sizes), transposed, depthwise, groups), depthwise ? 3 : 0);
        uint bias = builder.Bias(node.Args[2], node.Args[0], node.Args[1]);
        uint x = builder.LastId(input), y = builder.Bind(node.Output, last: true);
        var type = transposed ? XnnNodeType.ConvTranspose2d : depthwise ? XnnNodeType.DepthwiseConv2d : XnnNodeType.Conv2d;
        builder.Add(new XnnConvolutionNode(
            type,
            (uint)padding.Item1, (uint)padding.Item2, (uint)padding.Item1, (uint)padding.Item2,
            (uint)sizes[2], (uint)sizes[3],
            (uint)stride.Item1, (uint)stride.Item2,
            (uint)dilation.Item1, (uint)dilation.Item2,
            (uint)(inputChannels / groups), (uint)(outputChannels / groups), (uint)groups,
            (uint)adjustment.Item1, (uint)adjustment.Item2,
            x, filter, bias, y, 0));
    }

    private static Tensor Filter(Tensor weight, bool transposed, bool depthwise, int groups)
    {
        if (depthwise)
        {
            // [oc, 1, kh, kw] -> [1, kh, kw, oc]
            return TensorTransforms.Permute(weight, 1, 2, 3, 0);
        }
        if (!transposed)
            return TensorTransforms.Permute(weight, 0, 2, 3, 1);
        // [ic, oc/groups, kh, kw] -> [oc, kh, kw, ic/groups]
        int ic = weight.Sizes[0], oc = weight.Sizes[1], kh = weight.Sizes[2], kw = weight.Sizes[3];
        var grouped = TensorTransforms.Permute(TensorTransforms.Reshape(weight, groups, ic / groups, oc, kh, kw), 0, 2, 3, 4, 1);
        return TensorTransforms.Reshape(grouped, groups * oc, kh, kw, ic / groups);
    }

    private static string? CheckMaxPool(Node node, XnnCheck check)
    {
        if (node.Output.Spec.Rank != 4)
            return "it has no batch dimension";
        if (!check.IsUnused(node.Outputs[1]))
            return "its indices are used";
        if (node.Args[5].AsBool() && !SameWithoutCeil(node))
            return "XNNPACK rounds sizes down";
        return node.Args[1].AsInts().All(k => k == 1) ? "a pooling window of one element" : null;
    }

    private static bool SameWithoutCeil(Node node)
    {
        var (kernel, padding, dilation) = (Pair(node.Args[1], 1), Pair(node.Args[3], 0), Pair(node.Args[4], 1));
        var stride = node.Args[2].AsList().Count == 0 ? kernel : Pair(node.Args[2], 1);
        var sizes = node.Args[0].AsSpec().Sizes;
        return Rest(sizes[2].Value, kernel.Item1, padding.Item1, dilation.Item1, stride.Item1) == 0
            && Rest(sizes[3].Value, kernel.Item2, padding.Item2, dilation.Item2, stride.Item2) == 0;
    }

    private static long Rest(long size, int kernel, int padding, int dilation, int stride) => (size + (2 * padding) - (dilation * (kernel - 1)) - 1) % stride;

    private static void LowerMaxPool(Node node, XnnBuilder builder)
    {
        var (kernel, padding, dilation) = (Pair(node.Args[1], 1), Pair(node.Args[3], 0), Pair(node.Args[4], 1));
        var stride = node.Args[2].AsList().Count == 0 ? kernel : Pair(node.Args[2], 1);
        builder.Add(Pool(XnnNodeType.MaxPooling2d, kernel, stride, padding, dilation, builder.LastId(node.Args[0].AsValue()), builder.Bind(node.Output, last: true)));
    }

    private static string? CheckAvgPool(Node node, XnnCheck check)
    {
        if (node.Output.Spec.Rank != 4)
            return "it has no batch dimension";
        if (!node.Args[6].IsNone)
            return "it has a divisor of its own";
        if (node.Args[5].AsBool() && node.Args[3].AsInts().Any(p => p != 0))
            return "XNNPACK never counts padding";
        var (kernel, padding) = (Pair(node.Args[1], 1), Pair(node.Args[3], 0));
        var stride = node.Args[2].AsList().Count == 0 ? kernel : Pair(node.Args[2], 1);
        var sizes = node.Args[0].AsSpec().Sizes;
        if (node.Args[4].AsBool() && (Rest(sizes[2].Value, kernel.Item1, padding.Item1, 1, stride.Item1) != 0 || Rest(sizes[3].Value, kernel.Item2, padding.Item2, 1, stride.Item2) != 0))
            return "XNNPACK rounds sizes down";
        return kernel is (1, 1) ? "a pooling window of one element" : null;
    }

    private static void LowerAvgPool(Node node, XnnBuilder builder)
    {
        var (kernel, padding) = (Pair(node.Args[1], 1), Pair(node.Args[3], 0));
        var stride = node.Args[2].AsList().Count == 0 ? kernel : Pair(node.Args[2], 1);
        builder.Add(Pool(XnnNodeType.AvgPooling2d, kernel, stride, padding, (1, 1), builder.LastId(node.Args[0].AsValue()), builder.Bind(node.Output, last: true)));
    }

    private static XnnPoolingNode Pool(XnnNodeType type, (int, int) kernel, (int, int) stride, (int, int) padding, (int, int) dilation, uint x, uint y) => new(
        type, (uint)padding.Item1, (uint)padding.Item2, (uint)padding.Item1, (uint)padding.Item2,
        (uint)kernel.Item1, (uint)kernel.Item2, (uint)stride.Item1, (uint)stride.Item2, (uint)dilation.Item1, (uint)dilation.Item2, x, y, 0);

    /// <summary>True for an average over height and width.</summary>
    public static bool IsImageMean(Node node) => node.Op == "aten::_adaptive_avg_pool2d"
        || (node.Args[0].AsSpec().Rank == 4 && !node.Args[1].IsNone && node.Args[1].AsInts().Select(d => d < 0 ? d + 4 : d).Order().SequenceEqual([2, 3]));

    private static string? CheckMean(Node node, XnnCheck check)
    {
        if (IsImageMean(node))
            return node.Args[2].AsBool() || XnnBuilder.CanReshape(node.Output) ? null : "more than one of its sizes is dynamic";
        return XnnComposedRules.CheckLastDimension(node, 3) is null ? null : "XNNPACK averages over height and width of four dimensions, or over the last one";
    }

    private static void LowerMean(Node node, XnnBuilder builder)
    {
        var input = node.Args[0].AsValue();
        if (node.Args[1].AsInts().Length == 2 || (input.Spec.Rank == 3 && builder.IsChannelsLast(input)))
            LowerGlobalAverage(node, builder, node.Args[2].AsBool());
        else
            XnnComposedRules.LowerLastDimension(node, builder, 1.0 / input.Spec.MaxSizes[^1]);
    }

    private static void LowerGlobalAverage(Node node, XnnBuilder builder, bool keep)
    {
        var input = node.Args[0].AsValue();
        uint x = builder.LastId(input);
        if (keep)
        {
            builder.Add(new XnnUnaryNode(XnnNodeType.GlobalAvgPooling2d, x, builder.Bind(node.Output, last: true), KeepDims));
            return;
        }
        uint[] dims = XnnBuilder.DimsOf(node.Output);
        uint kept = builder.New(node.Output, dims[0], 1, 1, dims[1]);
        builder.Add(new XnnUnaryNode(XnnNodeType.GlobalAvgPooling2d, x, kept, KeepDims));
        XnnShapeRules.Reshape(builder, kept, node.Output);
    }

    private static string? CheckResize(Node node, XnnCheck check)
    {
        if (!node.Output.Spec.IsStatic)
            return "its sizes are dynamic";
        if (node.Args[3].IsNone)
            return null;
        // PyTorch scales coordinates by the given factors, XNNPACK by the quotient of the sizes.
        var factors = node.Args[3].AsList();
        for (int i = 0; i < factors.Count; i++)
            if (factors[i].AsDouble() * node.Args[0].AsSpec().Sizes[2 + i].Value != node.Output.Spec.Sizes[2 + i].Value)
                return "its scale factor is not the quotient of its sizes";
        return null;
    }

    private static void LowerResize(Node node, XnnBuilder builder) => builder.Add(new XnnResizeNode(
        (uint)node.Output.Spec.Sizes[2].Value,
        (uint)node.Output.Spec.Sizes[3].Value,
        builder.LastId(node.Args[0].AsValue()),
        builder.Bind(node.Output, last: true),
        node.Args[2].AsBool() ? AlignCorners : 0));

    private static (int, int) Pair(Argument argument, int missing)
    {
        var values = argument.AsInts();
        return values.Length switch
        {
            0 => (missing, missing),
            1 => ((int)values[0], (int)values[0]),
            _ => ((int)values[0], (int)values[1]),
        };
    }
}
