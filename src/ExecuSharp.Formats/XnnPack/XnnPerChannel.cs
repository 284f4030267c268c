namespace ExecuSharp.Formats.XnnPack;

/// <summary>A scale for each index of one dimension.</summary>
/// <param name="Scales">Inline scales; empty if they are a constant.</param>
/// <param name="ChannelDim">The dimension.</param>
/// <param name="ScaleConstant">Index of the constant with float32 scales, 0 for inline scales.</param>
/// <param name="ScaleCount">Number of scales in the constant.</param>
public sealed record XnnPerChannel(float[] Scales, int ChannelDim, uint ScaleConstant, uint ScaleCount) : XnnQuantization;
