namespace ExecuSharp.Formats.Onnx;

/// <summary>An attribute of a node (onnx.proto, AttributeProto).</summary>
public sealed record AttributeProto
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Which field holds the value.</summary>
    public AttributeType Type { get; init; }

    /// <summary>In a function: the attribute of the caller that this one copies; else empty.</summary>
    public string ReferenceName { get; init; } = "";

    /// <summary>A float.</summary>
    public float Float { get; init; }

    /// <summary>An integer.</summary>
    public long Int { get; init; }

    /// <summary>Text as bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>A tensor.</summary>
    public TensorProto? Tensor { get; init; }

    /// <summary>A graph.</summary>
    public GraphProto? Graph { get; init; }

    /// <summary>A sparse tensor.</summary>
    public SparseTensorProto? SparseTensor { get; init; }

    /// <summary>A type.</summary>
    public TypeProto? TypeProto { get; init; }

    /// <summary>Floats.</summary>
    public IReadOnlyList<float> Floats { get; init; } = [];

    /// <summary>Integers.</summary>
    public IReadOnlyList<long> Ints { get; init; } = [];

    /// <summary>Texts as bytes.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Strings { get; init; } = [];

    /// <summary>Tensors.</summary>
    public IReadOnlyList<TensorProto> Tensors { get; init; } = [];

    /// <summary>Graphs.</summary>
    public IReadOnlyList<GraphProto> Graphs { get; init; } = [];

    /// <summary>The text in UTF-8.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes.Span);
}
