namespace ExecuSharp.Formats.XnnPack;

/// <summary>Convolution of NHWC: Conv2d, DepthwiseConv2d or ConvTranspose2d. Flag 4: SAME padding.</summary>
public sealed record XnnConvolutionNode(XnnNodeType Type, uint PaddingTop, uint PaddingRight, uint PaddingBottom, uint PaddingLeft, uint KernelHeight, uint KernelWidth, uint SubsamplingHeight, uint SubsamplingWidth, uint DilationHeight, uint DilationWidth, uint GroupInputChannels, uint GroupOutputChannels, uint Groups, uint AdjustmentHeight, uint AdjustmentWidth, uint Input, uint Filter, uint Bias, uint Output, uint Flags) : XnnNode(Type)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input, Filter, Bias];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
