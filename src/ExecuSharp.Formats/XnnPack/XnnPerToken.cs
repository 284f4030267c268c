namespace ExecuSharp.Formats.XnnPack;

/// <summary>Scale and zero point are chosen at run time for each index of the leading dimensions.</summary>
/// <param name="NonBatchDims">Trailing dimensions that share a scale: 1 for linear, 3 for convolution.</param>
public sealed record XnnPerToken(int NonBatchDims) : XnnQuantization;
