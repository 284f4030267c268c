using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Mean over height and width of 8-bit codes.</summary>
internal sealed unsafe class GlobalAverageCodesOperator(bool keepDims, (int Min, int Max) range, XnnTensor input, XnnTensor output) : XnnOperator
{
    private readonly CodeTarget target = new(null, input.Scale / output.Scale, output.ZeroPoint, range.Min, range.Max);

    public override IReadOnlyList<XnnTensor> Inputs => [input];

    public override IReadOnlyList<XnnTensor> Outputs => [output];

    public override void Reshape(XnnContext context) => GlobalShape.Infer(input, output, keepDims);

    public override void Execute(XnnContext context)
    {
        int pixels = input.Sizes[1] * input.Sizes[2], channels = input.Sizes[3];
        for (int n = 0; n < input.Sizes[0]; n++)
        {
            byte* from = input.Data + ((long)n * pixels * channels), to = output.Data + ((long)n * channels);
            if (input.IsSigned)
                Pooling.Global(context.Width, new SByteSource(input.ZeroPoint), target, from, pixels, channels, to);
            else
                Pooling.Global(context.Width, new ByteSource(input.ZeroPoint), target, from, pixels, channels, to);
        }
    }
}
