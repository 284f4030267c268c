namespace ExecuSharp.Formats.Onnx;

/// <summary>A tensor (onnx.proto, TensorProto). Its bytes come from <see cref="TensorBytes"/>.</summary>
public sealed record TensorProto
{
    /// <summary>Where it stands in the file, for messages.</summary>
    public string Place { get; init; } = "";

    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Sizes as written, not checked.</summary>
    public IReadOnlyList<long> Dims { get; init; } = [];

    /// <summary>Element type as written, not checked.</summary>
    public OnnxDataType DataType { get; init; }

    /// <summary>Elements in little-endian order; null if the field is missing.</summary>
    public ReadOnlyMemory<byte>? RawData { get; init; }

    /// <summary>Elements of float and complex64 tensors.</summary>
    public IReadOnlyList<float> FloatData { get; init; } = [];

    /// <summary>Elements of integers of up to 32 bits, bool, and the bits of floats of up to 16 bits; packed bytes of 2-bit and 4-bit types.</summary>
    public IReadOnlyList<int> Int32Data { get; init; } = [];

    /// <summary>Elements of int64.</summary>
    public IReadOnlyList<long> Int64Data { get; init; } = [];

    /// <summary>Elements of double and complex128.</summary>
    public IReadOnlyList<double> DoubleData { get; init; } = [];

    /// <summary>Elements of uint32 and uint64.</summary>
    public IReadOnlyList<ulong> UInt64Data { get; init; } = [];

    /// <summary>Elements of text tensors.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> StringData { get; init; } = [];

    /// <summary>True if the elements are in another file.</summary>
    public bool IsExternal { get; init; }

    /// <summary>location, offset and length of the other file.</summary>
    public IReadOnlyList<(string Key, string Value)> ExternalData { get; init; } = [];
}
