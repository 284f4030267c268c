namespace ExecuSharp.Formats.Onnx;

/// <summary>A recorded optional value (onnx-data.proto, OptionalProto); all null for nothing.</summary>
/// <param name="Tensor">A tensor.</param>
/// <param name="Sequence">A sequence.</param>
/// <param name="Optional">An optional value.</param>
public sealed record OptionalProto(TensorProto? Tensor, SequenceProto? Sequence, OptionalProto? Optional);
