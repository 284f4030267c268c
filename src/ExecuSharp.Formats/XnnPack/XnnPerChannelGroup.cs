namespace ExecuSharp.Formats.XnnPack;

/// <summary>A scale for each block of a row.</summary>
/// <param name="Scales">Inline float32 scales of old files; empty if they are a constant.</param>
/// <param name="ChannelDim">The dimension of rows.</param>
/// <param name="GroupSize">Elements in a block.</param>
/// <param name="ScalesBFloat16">Inline bfloat16 scales of releases 0.4 to 0.6; no runtime uses them.</param>
/// <param name="ScaleConstant">Index of the constant with bfloat16 scales, 0 for inline scales.</param>
/// <param name="ScaleCount">Number of scales in the constant.</param>
public sealed record XnnPerChannelGroup(float[] Scales, int ChannelDim, int GroupSize, ushort[] ScalesBFloat16, uint ScaleConstant, uint ScaleCount) : XnnQuantization;
