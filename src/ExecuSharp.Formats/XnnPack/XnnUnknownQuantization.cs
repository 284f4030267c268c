namespace ExecuSharp.Formats.XnnPack;

/// <summary>A kind of quantization that this reader does not know.</summary>
/// <param name="Member">Number in the union.</param>
public sealed record XnnUnknownQuantization(byte Member) : XnnQuantization;
