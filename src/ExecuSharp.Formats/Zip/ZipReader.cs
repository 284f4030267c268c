using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;

namespace ExecuSharp.Formats.Zip;

/// <summary>
/// Reads ZIP archives (also ZIP64): stored members are used where they lie, deflated ones are inflated up to their declared length.
/// Refuses overlapping members, names used twice, encryption, and lengths that no compressed weights have (zip bombs).
/// </summary>
public sealed class ZipReader : IDisposable
{
    // deflate reaches 1032 to 1 on zeros; weights stay below 10
    private const long MaxRatio = 1032;
    private const long MaxRatioOfLarge = 200;
    private const long Large = 64L << 20;
    private const long MaxInflated = 1L << 30;

    private readonly ByteSource source;
    private readonly Dictionary<string, ZipEntry> byName = new(StringComparer.Ordinal);

    private ZipReader(ByteSource source, List<ZipEntry> entries)
    {
        this.source = source;
        Entries = entries;
        long inflated = 0;
        foreach (var entry in entries.Where(e => !e.IsStored))
        {
            inflated += Math.Min(entry.Length, int.MaxValue);
            if (entry.Length > Math.Min((entry.CompressedLength + 1) * MaxRatio, Math.Max(Large, entry.CompressedLength * MaxRatioOfLarge))
                || entry.Length > int.MaxValue || inflated > Math.Max(MaxInflated, source.Length * MaxRatioOfLarge))
                throw new ModelFormatException(entry.Name, $"a believable length for {entry.CompressedLength} compressed bytes", $"{entry.Length} bytes", source.Name);
        }
        foreach (var entry in entries)
            if (!byName.TryAdd(entry.Name, entry))
                throw new ModelFormatException("the central directory", "each name once", $"'{entry.Name}' twice", source.Name);
    }

    /// <summary>All members, in the order of the central directory.</summary>
    public IReadOnlyList<ZipEntry> Entries { get; }

    /// <summary>The archive's bytes.</summary>
    public ByteSource Source => source;

    /// <summary>True if the bytes start as an archive does.</summary>
    public static bool IsZip(ByteSource source) =>
        source.Length >= 22 && source.Slice(0, 4, "the signature").Span is [(byte)'P', (byte)'K', 3 or 5, 4 or 6];

    /// <summary>Opens an archive in a file.</summary>
    /// <exception cref="ModelFormatException">The file is missing or no valid archive.</exception>
    public static ZipReader Open(string path) => ByteSource.Open(path, Open);

    /// <summary>Opens an archive in a source, which this object then owns.</summary>
    /// <exception cref="ModelFormatException">The bytes are no valid archive.</exception>
    public static ZipReader Open(ByteSource source) => new(source, ZipDirectory.Read(source));

    /// <summary>A member by name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out ZipEntry? entry) => byName.TryGetValue(name, out entry);

    /// <summary>A member by name.</summary>
    /// <exception cref="ModelFormatException">There is none of this name.</exception>
    public ZipEntry this[string name] => byName.TryGetValue(name, out var entry)
        ? entry
        : throw new ModelFormatException("the central directory", $"a member '{name}'", $"{Entries.Count} others", source.Name);

    /// <summary>The contents; mapped where stored. A recorded CRC of 0 is not checked: PyTorch can leave it out.</summary>
    /// <exception cref="ModelFormatException">The contents are broken, or do not have the recorded length or CRC.</exception>
    public ReadOnlyMemory<byte> Read(ZipEntry entry)
    {
        ReadOnlyMemory<byte> data = entry.IsStored
            ? source.Slice(entry.DataOffset, entry.Length, entry.Name)
            : Inflate(entry);
        if (entry.Crc != 0)
        {
            uint crc = Crc32.Of(data.Span);
            if (crc != entry.Crc)
                throw new ModelFormatException(entry.Name, $"CRC-32 {entry.Crc:x8}", $"{crc:x8}", source.Name);
            MappedPages.Release(data);
        }
        return data;
    }

    /// <summary>A stored member as a source of its own; a deflated one is inflated first.</summary>
    /// <exception cref="ModelFormatException">The contents are broken.</exception>
    public ByteSource ReadSource(ZipEntry entry) => entry.IsStored
        ? source.Window(entry.DataOffset, entry.Length, entry.Name)
        : new ByteSource(Read(entry), source.Name);

    /// <summary>Ends the mapping.</summary>
    public void Dispose() => source.Dispose();

    private byte[] Inflate(ZipEntry entry)
    {
        var packed = source.Slice(entry.DataOffset, entry.CompressedLength, entry.Name);
        var data = new byte[entry.Length];
        try
        {
            using var stream = new DeflateStream(new MemoryStream(packed.ToArray(), false), CompressionMode.Decompress);
            int read = stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
            if (read != data.Length || stream.ReadByte() >= 0)
                throw new ModelFormatException(entry.Name, $"{entry.Length} bytes inflated", read == data.Length ? "more" : $"{read}", source.Name);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new ModelFormatException(entry.Name, "deflated data", e.Message, source.Name, e);
        }
        return data;
    }
}
