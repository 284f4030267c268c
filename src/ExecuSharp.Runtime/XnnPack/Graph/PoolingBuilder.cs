using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Kernels.Nhwc;
using ExecuSharp.Runtime.XnnPack.Elementwise;
using ExecuSharp.Runtime.XnnPack.Images;

namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>Makes pooling and resize.</summary>
internal sealed class PoolingBuilder(ValueTable values) : NodeBuilder(values)
{
    private const uint SamePadding = 4;
    private const uint LegacyCoordinates = 4;
    private const uint AlignCorners = 8;
    private const uint KeepDims = 64;

    public XnnOperator Pooling(XnnPoolingNode node)
    {
        XnnTensor input = Value(node.Input), output = Value(node.Output);
        bool average = node.Type == XnnNodeType.AvgPooling2d;
        if (input.Type != output.Type || !input.SameQuantization(output))
            throw Refuse(node, input, output);
        var shape = new WindowShape
        {
            Padding = Padding(node, node.PaddingTop, node.PaddingRight, node.PaddingBottom, node.PaddingLeft),
            Kernel = Positive(node, node.PoolingHeight, node.PoolingWidth),
            Stride = Positive(node, node.StrideHeight, node.StrideWidth),
            Dilation = average ? (1, 1) : Positive(node, node.DilationHeight, node.DilationWidth),
            Same = (node.Flags & SamePadding) != 0,
        };
        var (min, max) = Range(node);
        if (input.Type is XnnDatatype.Fp32 or XnnDatatype.Fp16)
            return new PoolingOperator(shape, average, min, max, input, output);
        return input.Type.IsCode() && !average ? new PoolingCodesOperator(shape, CodeRange.Of(output, min, max), input, output) : throw Refuse(node, input, output);
    }

    public XnnOperator ArgMax(XnnArgMaxPoolingNode node)
    {
        XnnTensor input = Value(node.Input), values = Value(node.OutputValue), places = Value(node.OutputIndex);
        if (input.Type != XnnDatatype.Fp32 || values.Type != XnnDatatype.Fp32 || places.Type != XnnDatatype.Int32)
            throw Refuse(node, input, values, places);
        var kernel = Positive(node, node.PoolingHeight, node.PoolingWidth);
        var shape = new WindowShape
        {
            Padding = Padding(node, node.PaddingTop, node.PaddingRight, node.PaddingBottom, node.PaddingLeft),
            Kernel = kernel,
            Stride = kernel,
            Dilation = (1, 1),
            Same = (node.Flags & SamePadding) != 0,
        };
        return new ArgMaxPoolingOperator(shape, input, values, places);
    }

    public XnnOperator Global(XnnUnaryNode node)
    {
        XnnTensor input = Value(node.Input), output = Value(node.Output);
        if (input.Type != output.Type)
            throw Refuse(node, input, output);
        bool keepDims = (node.Flags & KeepDims) != 0;
        var (min, max) = Range(node);
        if (input.Type is XnnDatatype.Fp32 or XnnDatatype.Fp16)
            return new GlobalAverageOperator(keepDims, min, max, input, output);
        return input.Type.IsCode() ? new GlobalAverageCodesOperator(keepDims, CodeRange.Of(output, min, max), input, output) : throw Refuse(node, input, output);
    }

    public XnnOperator Resize(XnnResizeNode node)
    {
        XnnTensor input = Value(node.Input), output = Value(node.Output);
        bool legacy = (node.Flags & LegacyCoordinates) != 0, align = (node.Flags & AlignCorners) != 0;
        if (legacy && align)
            throw Refuse(node, "legacy coordinates and aligned corners at once");
        bool fits = input.Type is XnnDatatype.Fp32 or XnnDatatype.Fp16 || input.Type.IsCode();
        if (!fits || input.Type != output.Type || !input.SameQuantization(output))
            throw Refuse(node, input, output);
        var (height, width) = Positive(node, node.NewHeight, node.NewWidth);
        return new ResizeOperator(height, width, legacy ? ResizeMode.Legacy : align ? ResizeMode.AlignCorners : ResizeMode.HalfPixel, input, output);
    }

    private static (int Top, int Right, int Bottom, int Left) Padding(XnnNode node, uint top, uint right, uint bottom, uint left) =>
        top < 1 << 24 && right < 1 << 24 && bottom < 1 << 24 && left < 1 << 24
            ? ((int)top, (int)right, (int)bottom, (int)left)
            : throw Refuse(node, $"padding {top}, {right}, {bottom}, {left}");

    private static (int Height, int Width) Positive(XnnNode node, uint height, uint width) =>
        height is > 0 and < 1 << 24 && width is > 0 and < 1 << 24 ? ((int)height, (int)width) : throw Refuse(node, $"a size of {height} x {width}");
}
