using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Mean over height and width in float32.</summary>
internal sealed unsafe class GlobalAverageOperator(bool keepDims, float min, float max, XnnTensor input, XnnTensor output) : FloatOperator([input], output)
{
    private readonly FloatTarget target = new(min, max);

    private (int Images, int Pixels, int Channels) sizes;

    protected override void InferShapes(XnnContext context) => sizes = GlobalShape.Infer(Inputs[0], Outputs[0], keepDims);

    protected override void Compute(XnnContext context)
    {
        var (images, pixels, channels) = sizes;
        for (int n = 0; n < images; n++)
            Pooling.Global(context.Width, default(FloatSource), target, (byte*)(From(0) + ((long)n * pixels * channels)), pixels, channels, (byte*)(To(0) + ((long)n * channels)));
    }
}
