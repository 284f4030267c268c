using System.Buffers.Binary;
using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;

namespace ExecuSharp.Formats.Zip;

/// <summary>Finds and reads the central directory of an archive (APPNOTE 6.3, §4.3). Sizes come from here only: local headers may hold zeros.</summary>
internal static class ZipDirectory
{
    private const uint EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50;
    private const uint Locator64Signature = 0x07064b50;
    private const uint CentralSignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const int EndLength = 22;

    public static List<ZipEntry> Read(ByteSource source)
    {
        var (count, offset, length) = FindDirectory(source);
        if (count > length / 46)
            throw new ModelFormatException("the end of the archive", $"at most {length / 46} members in {length} bytes", $"{count}", source.Name);
        var entries = new List<ZipEntry>((int)count);
        var headers = new List<long>((int)count);
        long at = offset;
        for (long i = 0; i < count; i++)
        {
            string place = $"central directory, member {i}";
            var fixedPart = source.Slice(at, 46, place).Span;
            if (BinaryPrimitives.ReadUInt32LittleEndian(fixedPart) != CentralSignature)
                throw new ModelFormatException(place, "signature 'PK\\1\\2'", $"{BinaryPrimitives.ReadUInt32LittleEndian(fixedPart):x8}", source.Name);
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[28..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[30..]);
            int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[32..]);
            int total = 46 + nameLength + extraLength + commentLength;
            if (at + total > offset + length)
                throw new ModelFormatException(place, $"{offset + length - at} bytes at most", $"{total} bytes", source.Name);
            var (entry, header) = ReadEntry(source, source.Slice(at, total, place).Span, nameLength, extraLength, place);
            at += total;
            if (entry.Name.EndsWith('/') && entry.Length == 0)
                continue;
            entries.Add(entry);
            headers.Add(header);
        }
        CheckOverlap(source, entries, headers, offset);
        return entries;
    }

    private static (long Count, long Offset, long Length) FindDirectory(ByteSource source)
    {
        int tailLength = (int)Math.Min(source.Length, EndLength + ushort.MaxValue);
        long tailStart = source.Length - tailLength;
        var tail = source.Slice(tailStart, tailLength, "the end of the archive").Span;
        for (int i = tailLength - EndLength; i >= 0; i--)
        {
            var end = tail[i..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature
                || BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) > tailLength - EndLength - i)
                continue;
            if (BinaryPrimitives.ReadUInt16LittleEndian(end[4..]) is not (0 or ushort.MaxValue))
                throw new ModelFormatException("the end of the archive", "one volume", "a part of several", source.Name);
            long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
            long offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
            if (count == ushort.MaxValue || length == uint.MaxValue || offset == uint.MaxValue)
                (count, offset, length) = FindDirectory64(source, tailStart + i) ?? (count, offset, length);
            if (offset > source.Length || length > source.Length - offset)
                throw new ModelFormatException("the end of the archive", "a central directory inside the file", $"offset {offset}, {length} bytes", source.Name);
            return (count, offset, length);
        }
        throw new ModelFormatException("the end of the archive", "an end record 'PK\\5\\6'", "none (cut off, or no ZIP archive)", source.Name);
    }

    private static (long Count, long Offset, long Length)? FindDirectory64(ByteSource source, long end)
    {
        if (end < 20)
            return null;
        var locator = source.Slice(end - 20, 20, "the ZIP64 locator").Span;
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != Locator64Signature)
            return null;
        long at = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        var record = source.Slice(at, 56, "the ZIP64 end record").Span;
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != End64Signature)
            throw new ModelFormatException("the ZIP64 end record", "signature 'PK\\6\\6'", $"{BinaryPrimitives.ReadUInt32LittleEndian(record):x8}", source.Name);
        long count = BinaryPrimitives.ReadInt64LittleEndian(record[32..]);
        long length = BinaryPrimitives.ReadInt64LittleEndian(record[40..]);
        long offset = BinaryPrimitives.ReadInt64LittleEndian(record[48..]);
        if (count < 0 || length < 0 || offset < 0)
            throw new ModelFormatException("the ZIP64 end record", "numbers below 2^63", $"{count}, {length}, {offset}", source.Name);
        return (count, offset, length);
    }

    private static (ZipEntry Entry, long HeaderOffset) ReadEntry(ByteSource source, ReadOnlySpan<byte> record, int nameLength, int extraLength, string place)
    {
        string name = Encoding.UTF8.GetString(record.Slice(46, nameLength)).Replace('\\', '/');
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(record[8..]);
        int method = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        long compressed = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(record[24..]);
        long header = BinaryPrimitives.ReadUInt32LittleEndian(record[42..]);
        ReadExtra64(record.Slice(46 + nameLength, extraLength), ref length, ref compressed, ref header);
        place = $"{place} '{name}'";
        if ((flags & 1) != 0)
            throw new ModelFormatException(place, "no encryption", "an encrypted member", source.Name);
        if (method is not (0 or 8))
            throw new ModelFormatException(place, "method 0 (stored) or 8 (deflated)", $"{method}", source.Name);
        if (method == 0 && compressed != length)
            throw new ModelFormatException(place, "equal lengths of a stored member", $"{compressed} and {length}", source.Name);
        if (length < 0)
            throw new ModelFormatException(place, "a length below 2^63", $"{(ulong)length}", source.Name);
        var local = source.Slice(header, 30, $"{place}, local header").Span;
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalSignature)
            throw new ModelFormatException($"{place}, local header", "signature 'PK\\3\\4'", $"{BinaryPrimitives.ReadUInt32LittleEndian(local):x8}", source.Name);
        long data = header + 30 + BinaryPrimitives.ReadUInt16LittleEndian(local[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (compressed < 0 || data > source.Length || compressed > source.Length - data)
            throw new ModelFormatException(place, $"{compressed} bytes at offset {data}", $"{source.Length} bytes in all", source.Name);
        return (new ZipEntry(name, method, crc, compressed, length, data), header);
    }

    private static void ReadExtra64(ReadOnlySpan<byte> extra, ref long length, ref long compressed, ref long header)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4)
                return;
            if (id == 1)
            {
                var field = extra.Slice(4, size);
                Take(ref field, ref length);
                Take(ref field, ref compressed);
                Take(ref field, ref header);
                return;
            }
            extra = extra[(4 + size)..];
        }
    }

    private static void Take(ref ReadOnlySpan<byte> field, ref long value)
    {
        if (value != uint.MaxValue || field.Length < 8)
            return;
        value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[8..];
    }

    private static void CheckOverlap(ByteSource source, List<ZipEntry> entries, List<long> headers, long directory)
    {
        var order = Enumerable.Range(0, entries.Count).OrderBy(i => headers[i]).ToArray();
        for (int k = 0; k < order.Length; k++)
        {
            var entry = entries[order[k]];
            long limit = k + 1 < order.Length ? headers[order[k + 1]] : directory;
            if (entry.DataOffset + entry.CompressedLength > limit)
                throw new ModelFormatException($"member '{entry.Name}'", $"data before offset {limit}", $"data up to {entry.DataOffset + entry.CompressedLength} (an overlap)", source.Name);
        }
    }
}
