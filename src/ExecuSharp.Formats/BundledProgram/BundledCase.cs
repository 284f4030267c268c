namespace ExecuSharp.Formats.BundledProgram;

/// <summary>Inputs and the outputs that they should give.</summary>
public sealed record BundledCase(IReadOnlyList<BundledValue> Inputs, IReadOnlyList<BundledValue> ExpectedOutputs);
