using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ExecuSharp.Formats.Zip;

/// <summary>
/// Writes ZIP archives, stored or deflated. The same members give the same bytes: times are fixed. ZIP64 records are written where
/// lengths need them. Stored members can be aligned with the padding field that PyTorch uses (id 'FB').
/// </summary>
/// <param name="stream">Where to write; need not be seekable.</param>
/// <param name="alignment">Stored data starts at multiples of this; 1 for none, 64 as PyTorch.</param>
public sealed class ZipWriter(Stream stream, int alignment = 1) : IDisposable
{
    private const ushort PaddingField = 0x4246;
    private const ushort Utf8Names = 0x0800;
    private const ushort Date = 0x21; // 1 January 1980

    private readonly MemoryStream directory = new();
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private long position;
    private bool finished;

    /// <summary>Adds a member.</summary>
    /// <param name="name">Its name, with forward slashes.</param>
    /// <param name="contents">Its bytes.</param>
    /// <param name="compress">Whether to deflate.</param>
    /// <exception cref="ArgumentException">The name is there already, or too long.</exception>
    public void Add(string name, ReadOnlySpan<byte> contents, bool compress = false)
    {
        ObjectDisposedException.ThrowIf(finished, this);
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        if (!names.Add(name) || nameBytes.Length > ushort.MaxValue)
            throw new ArgumentException($"the member name '{name}' is there twice or too long");
        uint crc = Crc32.Of(contents);
        var packed = compress ? Deflate(contents) : contents;
        var entry = new Member(nameBytes, (ushort)(compress ? 8 : 0), crc, packed.Length, contents.Length, position);
        WriteLocal(entry, compress ? 0 : Padding(nameBytes.Length));
        Write(packed);
        WriteCentral(entry);
    }

    /// <summary>Writes the central directory. The stream stays open.</summary>
    public void Dispose()
    {
        if (finished)
            return;
        finished = true;
        long start = position;
        Write(directory.GetBuffer().AsSpan(0, (int)directory.Length));
        WriteEnd(start, directory.Length);
    }

    private sealed record Member(byte[] Name, ushort Method, uint Crc, long Packed, long Length, long Offset);

    private int Padding(int nameLength)
    {
        long data = position + 30 + nameLength;
        if (alignment <= 1 || data % alignment == 0)
            return 0;
        return 4 + (int)((alignment - (data + 4) % alignment) % alignment);
    }

    private void WriteLocal(Member m, int padding)
    {
        Span<byte> b = stackalloc byte[30];
        b.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(b, 0x04034b50);
        BinaryPrimitives.WriteUInt16LittleEndian(b[4..], 20);
        Common(b[6..], m);
        BinaryPrimitives.WriteUInt16LittleEndian(b[26..], (ushort)m.Name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(b[28..], (ushort)padding);
        Write(b);
        Write(m.Name);
        if (padding == 0)
            return;
        var field = new byte[padding];
        BinaryPrimitives.WriteUInt16LittleEndian(field, PaddingField);
        BinaryPrimitives.WriteUInt16LittleEndian(field.AsSpan(2), (ushort)(padding - 4));
        field.AsSpan(4).Fill((byte)'Z');
        Write(field);
    }

    private void WriteCentral(Member m)
    {
        bool large = m.Offset >= uint.MaxValue;
        Span<byte> b = stackalloc byte[46 + 12];
        b.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(b, 0x02014b50);
        BinaryPrimitives.WriteUInt16LittleEndian(b[4..], 45);
        BinaryPrimitives.WriteUInt16LittleEndian(b[6..], (ushort)(large ? 45 : 20));
        Common(b[8..], m);
        BinaryPrimitives.WriteUInt16LittleEndian(b[28..], (ushort)m.Name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(b[30..], (ushort)(large ? 12 : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(b[42..], large ? uint.MaxValue : (uint)m.Offset);
        BinaryPrimitives.WriteUInt16LittleEndian(b[46..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(b[48..], 8);
        BinaryPrimitives.WriteInt64LittleEndian(b[50..], m.Offset);
        directory.Write(b[..46]);
        directory.Write(m.Name);
        if (large)
            directory.Write(b[46..]);
    }

    /// <summary>Flags, method, time, date, CRC, both lengths: 20 bytes that both headers share. Spans bound lengths below 2^31.</summary>
    private static void Common(Span<byte> b, Member m)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(b, Utf8Names);
        BinaryPrimitives.WriteUInt16LittleEndian(b[2..], m.Method);
        BinaryPrimitives.WriteUInt16LittleEndian(b[6..], Date);
        BinaryPrimitives.WriteUInt32LittleEndian(b[8..], m.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(b[12..], (uint)m.Packed);
        BinaryPrimitives.WriteUInt32LittleEndian(b[16..], (uint)m.Length);
    }

    private void WriteEnd(long start, long length)
    {
        bool large = names.Count >= ushort.MaxValue || start >= uint.MaxValue || length >= uint.MaxValue;
        Span<byte> b = stackalloc byte[76 + 22];
        b.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(b, 0x06064b50);
        BinaryPrimitives.WriteInt64LittleEndian(b[4..], 44);
        BinaryPrimitives.WriteUInt16LittleEndian(b[12..], 45);
        BinaryPrimitives.WriteUInt16LittleEndian(b[14..], 45);
        BinaryPrimitives.WriteInt64LittleEndian(b[24..], names.Count);
        BinaryPrimitives.WriteInt64LittleEndian(b[32..], names.Count);
        BinaryPrimitives.WriteInt64LittleEndian(b[40..], length);
        BinaryPrimitives.WriteInt64LittleEndian(b[48..], start);
        BinaryPrimitives.WriteUInt32LittleEndian(b[56..], 0x07064b50);
        BinaryPrimitives.WriteInt64LittleEndian(b[64..], position);
        BinaryPrimitives.WriteUInt32LittleEndian(b[72..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(b[76..], 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(b[84..], large ? ushort.MaxValue : (ushort)names.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(b[86..], large ? ushort.MaxValue : (ushort)names.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(b[88..], large ? uint.MaxValue : (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(b[92..], large ? uint.MaxValue : (uint)start);
        Write(large ? b : b[76..]);
    }

    private static ReadOnlySpan<byte> Deflate(ReadOnlySpan<byte> contents)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(contents);
        return packed.GetBuffer().AsSpan(0, (int)packed.Length);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        position += bytes.Length;
    }
}
