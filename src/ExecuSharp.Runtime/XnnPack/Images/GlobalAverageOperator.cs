using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Mean over height and width in float32.</summary>
internal sealed unsafe class GlobalAverageOperator(bool keepDims, float min, float max, XnnTensor input, XnnTensor output) : FloatOperator([input], output)
{
    private readonly FloatTarget target = new(min, max);

    protected override void InferShapes(XnnContext context) => GlobalShape.Infer(Inputs[0], Outputs[0], keepDims);

    protected override void Compute(XnnContext context)
    {
        var sizes = Inputs[0].Sizes;
        int pixels = sizes[1] * sizes[2], channels = sizes[3];
        for (int n = 0; n < sizes[0]; n++)
            Pooling.Global(context.Width, default(FloatSource), target, (byte*)(From(0) + ((long)n * pixels * channels)), pixels, channels, (byte*)(To(0) + ((long)n * channels)));
    }
}
