namespace ExecuSharp.Import.Onnx;

/// <summary>An ONNX operator that can be imported.</summary>
/// <param name="Domain">Domain; empty for the standard.</param>
/// <param name="Name">Name.</param>
/// <param name="Versions">Operator set versions at which its translation changes; the first is the oldest that is taken.</param>
public sealed record OnnxOperatorInfo(string Domain, string Name, IReadOnlyList<int> Versions);
