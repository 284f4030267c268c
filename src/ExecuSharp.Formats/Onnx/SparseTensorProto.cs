namespace ExecuSharp.Formats.Onnx;

/// <summary>A tensor as its values other than zero and their positions (onnx.proto, SparseTensorProto).</summary>
/// <param name="Values">The values, of rank 1; its name is that of the tensor.</param>
/// <param name="Indices">int64: linear positions [n], or coordinates [n, rank].</param>
/// <param name="Dims">Sizes.</param>
public sealed record SparseTensorProto(TensorProto Values, TensorProto Indices, IReadOnlyList<long> Dims);
