namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>Files with the inputs and outputs of one execution; null for an input that is not given.</summary>
public sealed record OnnxDataSet(string?[] Inputs, string?[] Outputs);
