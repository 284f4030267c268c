using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Bilinear resize of floats or 8-bit codes.</summary>
internal sealed unsafe class ResizeOperator : FloatOperator
{
    private readonly int height;
    private readonly int width;
    private readonly ResizeMode mode;
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private ConvolutionGeometry geometry;

    public ResizeOperator(int height, int width, ResizeMode mode, XnnTensor input, XnnTensor output)
        : base([input], output)
    {
        (this.height, this.width, this.mode) = (height, width, mode);
        loop = new ParallelLoop(Row);
    }

    protected override void InferShapes(XnnContext context)
    {
        var input = Inputs[0];
        if (input.Rank != 4)
            throw Refuse($"[N, H, W, C] is needed, the input has sizes {Core.Tensor.Format(input.Shape)}");
        Outputs[0].SetShape([input.Sizes[0], height, width, input.Sizes[3]]);
        geometry = new ConvolutionGeometry
        {
            Batch = input.Sizes[0],
            Height = input.Sizes[1],
            Width = input.Sizes[2],
            Channels = input.Sizes[3],
            OutputHeight = height,
            OutputWidth = width,
        };
    }

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        loop.Run(context.Parallel.Pool, geometry.Height * geometry.Width == 0 ? 0 : geometry.Batch * height);
    }

    private void Row(int row, int slot)
    {
        var (min, max) = Outputs[0].Type.Codes();
        var codes = new CodeTarget(null, 1, 0, min, max);
        if (Inputs[0].Type.IsFloat())
            BilinearResize.Row(context!.Width, mode, default(FloatSource), new FloatTarget(float.NegativeInfinity, float.PositiveInfinity), geometry, (byte*)From(0), (byte*)To(0), row);
        else if (Inputs[0].IsSigned)
            BilinearResize.Row(context!.Width, mode, new SByteSource(0), codes, geometry, Inputs[0].Data, Outputs[0].Data, row);
        else
            BilinearResize.Row(context!.Width, mode, new ByteSource(0), codes, geometry, Inputs[0].Data, Outputs[0].Data, row);
    }
}
