using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Maximum of windows without overlap, and its place.</summary>
internal sealed unsafe class ArgMaxPoolingOperator : XnnOperator
{
    private readonly WindowShape shape;
    private readonly XnnTensor input;
    private readonly XnnTensor values;
    private readonly XnnTensor places;
    private readonly ParallelLoop loop;
    private ConvolutionGeometry geometry;

    public ArgMaxPoolingOperator(WindowShape shape, XnnTensor input, XnnTensor values, XnnTensor places)
    {
        (this.shape, this.input, this.values, this.places) = (shape, input, values, places);
        loop = new ParallelLoop((row, _) => Pooling.ArgMaxRow(geometry, (float*)this.input.Data, (float*)this.values.Data, (int*)this.places.Data, row));
    }

    public override IReadOnlyList<XnnTensor> Inputs => [input];

    public override IReadOnlyList<XnnTensor> Outputs => [values, places];

    public override void Reshape(XnnContext context)
    {
        geometry = shape.Infer(input, values);
        places.SetShape(values.Shape);
    }

    public override void Execute(XnnContext context) => loop.Run(context.Parallel.Pool, geometry.Batch * geometry.OutputHeight);
}
