using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Maximum of windows of 8-bit codes.</summary>
internal sealed unsafe class PoolingCodesOperator : XnnOperator
{
    private readonly WindowShape shape;
    private readonly CodeTarget target;
    private readonly XnnTensor input;
    private readonly XnnTensor output;
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private ConvolutionGeometry geometry;

    public PoolingCodesOperator(WindowShape shape, (int Min, int Max) range, XnnTensor input, XnnTensor output)
    {
        (this.shape, this.input, this.output) = (shape, input, output);
        target = new CodeTarget(null, 1, 0, range.Min, range.Max);
        loop = new ParallelLoop(Row);
    }

    public override IReadOnlyList<XnnTensor> Inputs => [input];

    public override IReadOnlyList<XnnTensor> Outputs => [output];

    public override void Reshape(XnnContext context) => geometry = shape.Infer(input, output);

    public override void Execute(XnnContext context)
    {
        this.context = context;
        loop.Run(context.Parallel.Pool, geometry.Batch * geometry.OutputHeight);
    }

    private void Row(int row, int slot)
    {
        if (input.IsSigned)
            Pooling.Row(context!.Width, false, new SByteSource(0), target, geometry, input.Data, output.Data, row);
        else
            Pooling.Row(context!.Width, false, new ByteSource(0), target, geometry, input.Data, output.Data, row);
    }
}
