using ExecuSharp.Core;

namespace ExecuSharp.Formats.Onnx;

/// <summary>Reads ONNX files into records. Bytes are not copied: the records hold slices of the file.</summary>
/// <remarks>Field numbers are those of onnx.proto and onnx-data.proto. Unknown fields are skipped.</remarks>
public static class OnnxReader
{
    /// <summary>Reads a model.</summary>
    /// <exception cref="ModelFormatException">The bytes are no model.</exception>
    public static ModelProto ReadModel(ReadOnlyMemory<byte> bytes, string? file = null) => Read(bytes, file, "model", ModelRecords.Model);

    /// <summary>Reads a tensor file.</summary>
    /// <exception cref="ModelFormatException">The bytes are no tensor.</exception>
    public static TensorProto ReadTensor(ReadOnlyMemory<byte> bytes, string? file = null) => Read(bytes, file, "tensor", TensorRecords.Tensor);

    /// <summary>Reads a sequence file.</summary>
    /// <exception cref="ModelFormatException">The bytes are no sequence.</exception>
    public static SequenceProto ReadSequence(ReadOnlyMemory<byte> bytes, string? file = null) => Read(bytes, file, "sequence", TensorRecords.Sequence);

    /// <summary>Reads a file with an optional value.</summary>
    /// <exception cref="ModelFormatException">The bytes are no optional value.</exception>
    public static OptionalProto ReadOptional(ReadOnlyMemory<byte> bytes, string? file = null) => Read(bytes, file, "optional", TensorRecords.Optional);

    private static T Read<T>(ReadOnlyMemory<byte> bytes, string? file, string root, Func<WireReader, T> read)
    {
        try
        {
            return read(new WireReader(bytes, new WirePlace(null, root)));
        }
        catch (ModelFormatException e) when (file is not null)
        {
            throw e.In(file);
        }
    }
}
