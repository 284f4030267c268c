namespace ExecuSharp.Formats.Onnx;

/// <summary>A recorded sequence of tensors or sequences (onnx-data.proto, SequenceProto).</summary>
/// <param name="Tensors">Elements that are tensors.</param>
/// <param name="Sequences">Elements that are sequences.</param>
/// <param name="Optionals">Elements that are optional values.</param>
public sealed record SequenceProto(IReadOnlyList<TensorProto> Tensors, IReadOnlyList<SequenceProto> Sequences, IReadOnlyList<OptionalProto> Optionals);
