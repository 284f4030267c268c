using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.SafeTensors;

/// <summary>
/// Writes <c>.safetensors</c>. The same tensors in the same order give the same bytes. Data starts at a multiple of 8.
/// </summary>
public static class SafeTensorsWriter
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; replaced if there.</param>
    /// <param name="tensors">Names and tensors; the order is kept.</param>
    /// <param name="metadata">Text entries, written sorted by key.</param>
    /// <exception cref="ArgumentException">A name twice, or an element type that the format does not have.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = File.Create(path);
        Write(stream, tensors, metadata);
    }

    /// <summary>Writes to a stream.</summary>
    /// <exception cref="ArgumentException">A name twice, or an element type that the format does not have.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var list = tensors.ToList();
        byte[] header = Header(list, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in list)
            stream.Write(StridedCopy.RowMajor(tensor));
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long at = 0;
            foreach (var (name, tensor) in tensors)
            {
                if (!names.Add(name))
                    throw new ArgumentException($"the tensor name '{name}' cannot be used, or is there twice");
                WriteEntry(json, name, tensor, at);
                at += tensor.ByteLength;
            }
            json.WriteEndObject();
        }
        int padded = (buffer.WrittenCount + 7) / 8 * 8;
        var header = new byte[padded];
        buffer.WrittenSpan.CopyTo(header);
        header.AsSpan(buffer.WrittenCount).Fill((byte)' ');
        return header;
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, Tensor tensor, long at)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", SafeTensorsTypes.NameOf(tensor.Type)
            ?? throw new ArgumentException($"tensor '{name}': safetensors has no element type {tensor.Type.Name()}"));
        json.WriteStartArray("shape");
        foreach (int size in tensor.Sizes)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(at);
        json.WriteNumberValue(at + tensor.ByteLength);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
