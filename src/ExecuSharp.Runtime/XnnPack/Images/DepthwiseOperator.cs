using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Depthwise convolution in float32.</summary>
internal sealed unsafe class DepthwiseOperator : FloatOperator
{
    private readonly WindowShape shape;
    private readonly float[] filter;
    private readonly float[] bias;
    private readonly FloatTarget target;
    private readonly ParallelLoop pad;
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private ConvolutionGeometry geometry;

    /// <param name="shape">Sizes.</param>
    /// <param name="filter">Pinned [kernel height, kernel width, channels].</param>
    /// <param name="bias">Pinned, one number for each channel.</param>
    /// <param name="min">Lower bound.</param>
    /// <param name="max">Upper bound.</param>
    /// <param name="input">Input.</param>
    /// <param name="output">Output.</param>
    public DepthwiseOperator(WindowShape shape, float[] filter, float[] bias, float min, float max, XnnTensor input, XnnTensor output)
        : base([input], output)
    {
        (this.shape, this.filter, this.bias, target) = (shape, filter, bias, new FloatTarget(min, max));
        pad = new ParallelLoop(Pad);
        loop = new ParallelLoop(Row);
    }

    private long LineBytes => 4L * DepthwiseConvolution.PaddedWidth(geometry) * geometry.Channels;

    protected override void InferShapes(XnnContext context)
    {
        geometry = shape.Infer(Inputs[0], Outputs[0]);
        OwnScratchBytes = LineBytes * geometry.Batch * geometry.Height;
    }

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        pad.Run(context.Parallel.Pool, geometry.Batch * geometry.Height);
        loop.Run(context.Parallel.Pool, geometry.Batch * geometry.OutputHeight);
    }

    private void Pad(int row, int slot) =>
        DepthwiseConvolution.Pad(geometry, 4, 0, (byte*)(From(0) + ((long)row * geometry.Width * geometry.Channels)), OwnScratch + (row * LineBytes));

    private void Row(int row, int slot)
    {
        fixed (float* w = filter, b = bias)
            DepthwiseConvolution.Row(context!.Width, default(FloatSource), target, geometry, OwnScratch, w, b, (byte*)To(0), row);
    }
}
