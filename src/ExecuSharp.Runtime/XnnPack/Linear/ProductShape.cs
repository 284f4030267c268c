using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>How the sizes of a product or convolution follow from those of its input.</summary>
internal abstract class ProductShape
{
    /// <summary>Sets the sizes of the output.</summary>
    public abstract ConvolutionGeometry Infer(XnnTensor input, XnnTensor output);
}
