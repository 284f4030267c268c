namespace ExecuSharp.Formats.XnnPack;

/// <summary>value = (code - zero point) * scale.</summary>
public sealed record XnnPerTensor(float Scale, int ZeroPoint) : XnnQuantization;
