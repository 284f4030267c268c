namespace ExecuSharp.Formats.XnnPack;

/// <summary>How the codes of a quantized value stand for numbers (union XNNQuantParams).</summary>
public abstract record XnnQuantization;
