using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Average or maximum of windows in float32.</summary>
internal sealed unsafe class PoolingOperator : FloatOperator
{
    private readonly WindowShape shape;
    private readonly bool average;
    private readonly FloatTarget target;
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private ConvolutionGeometry geometry;

    public PoolingOperator(WindowShape shape, bool average, float min, float max, XnnTensor input, XnnTensor output)
        : base([input], output)
    {
        (this.shape, this.average, target) = (shape, average, new FloatTarget(min, max));
        loop = new ParallelLoop(Row);
    }

    protected override void InferShapes(XnnContext context) => geometry = shape.Infer(Inputs[0], Outputs[0]);

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        loop.Run(context.Parallel.Pool, geometry.Batch * geometry.OutputHeight);
    }

    private void Row(int row, int slot) => Pooling.Row(context!.Width, average, default(FloatSource), target, geometry, (byte*)From(0), (byte*)To(0), row);
}
