using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Mean over height and width of 8-bit codes.</summary>
internal sealed unsafe class GlobalAverageCodesOperator(bool keepDims, (int Min, int Max) range, XnnTensor input, XnnTensor output) : XnnOperator
{
    private readonly CodeTarget target = new(null, input.Scale / output.Scale, output.ZeroPoint, range.Min, range.Max);

    private (int Images, int Pixels, int Channels) sizes;

    public override IReadOnlyList<XnnTensor> Inputs => [input];

    public override IReadOnlyList<XnnTensor> Outputs => [output];

    public override void Reshape(XnnContext context) => sizes = GlobalShape.Infer(input, output, keepDims);

    public override void Execute(XnnContext context)
    {
        var (images, pixels, channels) = sizes;
        for (int n = 0; n < images; n++)
        {
            byte* from = input.Data + ((long)n * pixels * channels), to = output.Data + ((long)n * channels);
            if (input.IsSigned)
                Pooling.Global(context.Width, new SByteSource(input.ZeroPoint), target, from, pixels, channels, to);
            else
                Pooling.Global(context.Width, new ByteSource(input.ZeroPoint), target, from, pixels, channels, to);
        }
    }
}
