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
        loop = new ParallelLoop(Row);
    }

    protected override void InferShapes(XnnContext context) => geometry = shape.Infer(Inputs[0], Outputs[0]);

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        loop.Run(context.Parallel.Pool, geometry.Batch * geometry.OutputHeight);
    }

    private void Row(int row, int slot)
    {
        fixed (float* w = filter, b = bias)
            DepthwiseConvolution.Row(context!.Width, default(FloatSource), target, geometry, (byte*)From(0), w, b, (byte*)To(0), row);
    }
}
