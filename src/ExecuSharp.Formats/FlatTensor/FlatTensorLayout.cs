using ExecuSharp.Core;

namespace ExecuSharp.Formats.FlatTensor;

/// <summary>Type, sizes and dim order of a tensor in a <c>.ptd</c>.</summary>
public sealed record FlatTensorLayout(ScalarType Type, int[] Sizes, byte[] DimOrder);
