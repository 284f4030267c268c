using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Quantized;
using ExecuSharp.Runtime.XnnPack.Elementwise;
using ExecuSharp.Runtime.XnnPack.Images;
using ExecuSharp.Runtime.XnnPack.Linear;

namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>Makes convolutions.</summary>
internal sealed class ConvolutionBuilder(ValueTable values, KernelContext context) : NodeBuilder(values)
{
    private const uint SamePadding = 4;

    /// <summary>A convolution with its values and sizes.</summary>
    private sealed record Parts(XnnConvolutionNode Node, XnnTensor Input, XnnTensor Filter, XnnTensor? Bias, XnnTensor Output, WindowShape Shape)
    {
        public int Groups { get; } = (int)Node.Groups;

        public int Inputs { get; } = (int)Node.GroupInputChannels;

        public int Outputs { get; } = (int)Node.GroupOutputChannels;

        public int Taps { get; } = (int)(Node.KernelHeight * Node.KernelWidth);

        public int Channels => Groups * Outputs;

        public bool IsDepthwise => Inputs == 1 && Outputs == 1 && Node.Type != XnnNodeType.ConvTranspose2d;

        /// <summary>The filter is stored with channels last: [1, kernel height, kernel width, channels].</summary>
        public bool ChannelsLast => Node.Type == XnnNodeType.DepthwiseConv2d;
    }

    public XnnOperator Convolution(XnnConvolutionNode node)
    {
        XnnTensor input = Value(node.Input), filter = Value(node.Filter), output = Value(node.Output);
        var bias = Optional(node.Bias);
        if (!filter.IsConstant || bias is { IsConstant: false })
            throw Refuse(node, "weights that are no constants");
        Check(node, filter, bias);
        var parts = new Parts(node, input, filter, bias, output, Shape(node));
        return input.Type switch
        {
            XnnDatatype.QInt8 or XnnDatatype.QUInt8 => Codes(parts),
            XnnDatatype.QDInt8 => Dynamic(parts),
            _ => Float(parts),
        };
    }

    private static void Check(XnnConvolutionNode node, XnnTensor filter, XnnTensor? bias)
    {
        const uint Most = 1 << 24, MostStep = 1 << 14;
        uint[] sizes = [node.KernelHeight, node.KernelWidth, node.Groups, node.GroupInputChannels, node.GroupOutputChannels];
        uint[] steps = [node.SubsamplingHeight, node.SubsamplingWidth, node.DilationHeight, node.DilationWidth];
        uint[] padding = [node.PaddingTop, node.PaddingRight, node.PaddingBottom, node.PaddingLeft, node.AdjustmentHeight, node.AdjustmentWidth];
        if (Array.Exists(sizes, v => v is 0 or > Most) || Array.Exists(steps, v => v is 0 or > MostStep) || Array.Exists(padding, v => v > MostStep))
            throw Refuse(node, "a size that is 0 or too large");
        long weights = (long)node.KernelHeight * node.KernelWidth;
        weights = weights > int.MaxValue ? -1 : weights * node.GroupInputChannels;
        weights = weights > int.MaxValue ? -1 : weights * node.GroupOutputChannels;
        weights = weights > int.MaxValue ? -1 : weights * node.Groups;
        if (filter.Rank != 4 || filter.Numel != weights)
            throw Refuse(node, $"a filter of {Core.Tensor.Format(filter.Shape)} where {weights} weights are needed");
        if (bias is not null && bias.Numel != (long)node.Groups * node.GroupOutputChannels)
            throw Refuse(node, $"a bias of {bias.Numel} for {(long)node.Groups * node.GroupOutputChannels} channels");
    }

    private static WindowShape Shape(XnnConvolutionNode node) => new()
    {
        Padding = ((int)node.PaddingTop, (int)node.PaddingRight, (int)node.PaddingBottom, (int)node.PaddingLeft),
        Kernel = ((int)node.KernelHeight, (int)node.KernelWidth),
        Stride = ((int)node.SubsamplingHeight, (int)node.SubsamplingWidth),
        Dilation = ((int)node.DilationHeight, (int)node.DilationWidth),
        Adjustment = ((int)node.AdjustmentHeight, (int)node.AdjustmentWidth),
        Same = (node.Flags & SamePadding) != 0,
        Transposed = node.Type == XnnNodeType.ConvTranspose2d,
        InputChannels = checked((int)(node.Groups * node.GroupInputChannels)),
        OutputChannels = checked((int)(node.Groups * node.GroupOutputChannels)),
    };

    private FloatOperator Float(Parts p)
    {
        if (!FloatTypes.Fit(p.Input, p.Filter, p.Bias, p.Output, allowBFloat16: false))
            throw Refuse(p.Node, p.Input, p.Filter, p.Bias, p.Output);
        var weights = WeightReader.Floats(p.Filter);
        float[] bias = p.Bias is null ? [] : WeightReader.Floats(p.Bias);
        var (min, max) = Range(p.Node);
        if (p.IsDepthwise)
            return new DepthwiseOperator(p.Shape, p.ChannelsLast ? weights : TapsFirst(weights, p), bias.Length == 0 ? new float[p.Channels] : bias, min, max, p.Input, p.Output);
        if (p.ChannelsLast)
            weights = ChannelsFirst(weights, p);
        return p.Node.Type == XnnNodeType.ConvTranspose2d ? Transposed(p, weights, bias, min, max) : new FloatProductOperator(Groups(p, weights, bias, min, max), p.Inputs, p.Shape, p.Input, p.Output);
    }

    private FloatWeights[] Groups(Parts p, float[] weights, float[] bias, float min, float max)
    {
        int k = p.Taps * p.Inputs;
        return [.. Enumerable.Range(0, p.Groups).Select(g => new FloatWeights(
            context, weights.AsSpan(g * p.Outputs * k, p.Outputs * k), k, p.Outputs, bias.Length == 0 ? [] : bias.AsSpan(g * p.Outputs, p.Outputs), min, max))];
    }

    private TransposedConvolutionOperator Transposed(Parts p, float[] weights, float[] bias, float min, float max)
    {
        var groups = new FloatWeights[p.Groups];
        int columns = p.Taps * p.Outputs;
        for (int g = 0; g < groups.Length; g++)
        {
            var rows = new float[columns * p.Inputs];
            for (int o = 0; o < p.Outputs; o++)
                for (int t = 0; t < p.Taps; t++)
                    weights.AsSpan(((((g * p.Outputs) + o) * p.Taps) + t) * p.Inputs, p.Inputs).CopyTo(rows.AsSpan(((t * p.Outputs) + o) * p.Inputs));
            groups[g] = new FloatWeights(context, rows, p.Inputs, columns, [], float.NegativeInfinity, float.PositiveInfinity);
        }
        return new TransposedConvolutionOperator(p.Shape, groups, bias.Length == 0 ? new float[p.Channels] : bias, min, max, p.Input, p.Output);
    }

    private XnnOperator Codes(Parts p)
    {
        bool signed = p.Input.Type == XnnDatatype.QInt8;
        bool filterFits = signed ? p.Filter.Type is XnnDatatype.QInt8 or XnnDatatype.QCInt8 : p.Filter.Type == XnnDatatype.QUInt8;
        if (!filterFits || p.Output.Type != p.Input.Type || p.Bias is not (null or { Type: XnnDatatype.QInt32 or XnnDatatype.QCInt32 }))
            throw Refuse(p.Node, p.Input, p.Filter, p.Bias, p.Output);
        var (min, max) = Range(p.Node);
        var range = CodeRange.Of(p.Output, min, max);
        var scales = WeightReader.Requantization(p.Input, p.Filter, p.Output, p.Channels);
        var bias = WeightReader.Integers(p.Bias, p.Channels);
        var weights = WeightReader.Differences(p.Filter);
        if (p.IsDepthwise && p.Taps <= DepthwiseCodesOperator.MostTaps && Array.TrueForAll(bias, b => Math.Abs((long)b) < 1 << 23))
        {
            var taps = p.ChannelsLast ? weights : TapsFirst(weights, p);
            return new DepthwiseCodesOperator(p.Shape, Array.ConvertAll(taps, w => (float)w), Array.ConvertAll(bias, b => (float)b), scales, range, p.Input, p.Output);
        }
        if (p.ChannelsLast)
            weights = ChannelsFirst(weights, p);
        bool transposed = p.Node.Type == XnnNodeType.ConvTranspose2d;
        if (!signed || transposed || p.Filter.ZeroPoint != 0)
            return new CodesConvolutionOperator(p.Shape, transposed, weights, bias, scales, p.Groups, range, p.Input, p.Output);
        var codes = Array.ConvertAll(weights, w => (sbyte)w);
        int n = p.Outputs;
        return new CodeProductOperator(
            [.. Enumerable.Range(0, p.Groups).Select(g => new StaticProduct(Pack(p, codes, g), scales[(g * n)..((g + 1) * n)], bias[(g * n)..((g + 1) * n)], p.Output.ZeroPoint, range.Min, range.Max))],
            p.Inputs, p.Shape, p.Input, p.Output);
    }

    private CodeProductOperator Dynamic(Parts p)
    {
        if (p.Node.Type != XnnNodeType.Conv2d || p.Filter.Type != XnnDatatype.QCInt8 || p.Output.Type is not (XnnDatatype.Fp32 or XnnDatatype.Fp16) || p.Bias is not (null or { Type: XnnDatatype.Fp32 }))
            throw Refuse(p.Node, p.Input, p.Filter, p.Bias, p.Output);
        var codes = WeightReader.Codes(p.Filter);
        var scales = WeightReader.Scales(p.Filter, p.Channels);
        var bias = p.Bias is null ? new float[p.Channels] : WeightReader.Floats(p.Bias);
        var (min, max) = Range(p.Node);
        int n = p.Outputs;
        return new CodeProductOperator(
            [.. Enumerable.Range(0, p.Groups).Select(g => new DynamicProduct(Pack(p, codes, g), scales[(g * n)..((g + 1) * n)], bias[(g * n)..((g + 1) * n)], min, max))],
            p.Inputs, p.Shape, p.Input, p.Output);
    }

    private PackedInt8Matrix Pack(Parts p, sbyte[] codes, int group)
    {
        int k = p.Taps * p.Inputs;
        return PackedInt8Matrix.Pack(Int8Isas.For(context.Width, p.Outputs), codes.AsSpan(group * p.Outputs * k, p.Outputs * k), k, p.Outputs, k, 1);
    }

    // [channels, taps, 1] to [taps, channels]
    private static T[] TapsFirst<T>(T[] weights, Parts p)
    {
        var result = new T[weights.Length];
        for (int c = 0; c < p.Channels; c++)
            for (int t = 0; t < p.Taps; t++)
                result[(t * p.Channels) + c] = weights[(c * p.Taps) + t];
        return result;
    }

    // [taps, channels] to [channels, taps, 1]
    private static T[] ChannelsFirst<T>(T[] weights, Parts p)
    {
        var result = new T[weights.Length];
        for (int c = 0; c < p.Channels; c++)
            for (int t = 0; t < p.Taps; t++)
                result[(c * p.Taps) + t] = weights[(t * p.Channels) + c];
        return result;
    }
}
