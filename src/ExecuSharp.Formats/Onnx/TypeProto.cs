namespace ExecuSharp.Formats.Onnx;

/// <summary>The type of a value (onnx.proto, TypeProto).</summary>
public sealed record TypeProto
{
    /// <summary>Which kind of value.</summary>
    public OnnxTypeKind Kind { get; init; }

    /// <summary>Element type of a tensor.</summary>
    public OnnxDataType ElementType { get; init; }

    /// <summary>Sizes of a tensor; null if even the rank is open.</summary>
    public IReadOnlyList<DimensionProto>? Shape { get; init; }

    /// <summary>Type of the elements of a sequence, or of an optional value.</summary>
    public TypeProto? Element { get; init; }
}
