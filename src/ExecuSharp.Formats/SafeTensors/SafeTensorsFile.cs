using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.SafeTensors;

/// <summary>
/// A <c>.safetensors</c> file: u64 header length, JSON header, data. Weights stay mapped. As the official reader, refuses
/// holes, overlaps, data behind the last tensor, and headers above 100 MB.
/// </summary>
public sealed class SafeTensorsFile : IDisposable
{
    /// <summary>The largest JSON header in bytes.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    private readonly ByteSource source;
    private readonly Dictionary<string, StoredTensor> byName;

    private SafeTensorsFile(ByteSource source, SafeTensorsHeader header, long dataStart)
    {
        this.source = source;
        Metadata = header.Metadata;
        var names = new List<string>();
        byName = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var entry in header.Entries)
        {
            long begin = dataStart + entry.Begin;
            var storage = new TensorStorage(entry.Name, entry.End - entry.Begin, () => source.Slice(begin, entry.End - entry.Begin, entry.Name));
            names.Add(entry.Name);
            byName.Add(entry.Name, StoredTensor.Create($"tensor '{entry.Name}'", entry.Type, entry.Shape, 0, storage));
        }
        Names = names;
    }

    /// <summary>Tensor names in the order of their data.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The <c>__metadata__</c> entries.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Name and tensor, in the order of the data.</summary>
    public IEnumerable<KeyValuePair<string, StoredTensor>> Tensors => Names.Select(n => KeyValuePair.Create(n, byName[n]));

    /// <summary>A tensor by name.</summary>
    /// <exception cref="ModelFormatException">There is none of this name.</exception>
    public StoredTensor this[string name] => byName.TryGetValue(name, out var tensor)
        ? tensor
        : throw new ModelFormatException("the header", $"a tensor '{name}'", $"{Names.Count} others", source.Name);

    /// <summary>Opens a file; the data is mapped, not copied.</summary>
    /// <exception cref="ModelFormatException">The file is missing or broken.</exception>
    public static SafeTensorsFile Open(string path) => ByteSource.Open(path, Parse);

    /// <summary>Reads from bytes, which are not copied.</summary>
    /// <exception cref="ModelFormatException">The bytes are no valid file.</exception>
    public static SafeTensorsFile Parse(ReadOnlyMemory<byte> bytes) => Parse(new ByteSource(bytes));

    /// <summary>Reads from a source, which this object then owns.</summary>
    /// <exception cref="ModelFormatException">The bytes are no valid file.</exception>
    public static SafeTensorsFile Parse(ByteSource source)
    {
        if (source.Length < 8)
            throw new ModelFormatException("offset 0", "a header length of 8 bytes", $"{source.Length} bytes", source.Name);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(source.Slice(0, 8, "the header length").Span);
        if (length < 2 || length > MaxHeaderBytes || (long)length > source.Length - 8)
            throw new ModelFormatException("offset 0", $"a header length of 2 to {Math.Min(MaxHeaderBytes, source.Length - 8)}", $"{length}", source.Name);
        long dataStart = 8 + (long)length;
        var header = SafeTensorsHeader.Parse(source.Slice(8, (long)length, "the header"), source.Length - dataStart);
        return new SafeTensorsFile(source, header, dataStart);
    }

    /// <summary>True if there is a tensor of this name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor) => byName.TryGetValue(name, out tensor);

    /// <summary>A tensor by name, over the file's bytes.</summary>
    /// <exception cref="ModelFormatException">There is none of this name.</exception>
    public Tensor GetTensor(string name) => this[name].ToTensor();

    /// <summary>Ends the mapping.</summary>
    public void Dispose() => source.Dispose();
}
