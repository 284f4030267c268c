using System.Buffers.Binary;
using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.FlatBuffers;
using ExecuSharp.Formats.Io;

namespace ExecuSharp.Formats.Pte;

/// <summary>Reads <c>.pte</c> files of every release: header of 24, 32 or more bytes or none, constants in a segment or inside.</summary>
public static class PteReader
{
    private const int HeaderAt = 8;
    private const int MinimalHeader = 24;

    /// <summary>True if the bytes start like a <c>.pte</c>.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.Length >= 8 && head.Slice(4, 4).SequenceEqual("ET12"u8);

    /// <summary>Reads a program and checks all its indices.</summary>
    /// <exception cref="ModelFormatException">The bytes are no valid program.</exception>
    public static PteProgram Read(ByteSource source) => source.Read(s =>
    {
        var program = Parse(s);
        PteVerifier.Verify(program);
        return program;
    });

    /// <summary>Reads a program from memory.</summary>
    public static PteProgram Read(ReadOnlyMemory<byte> bytes) => Read(new ByteSource(bytes));

    private static PteProgram Parse(ByteSource source)
    {
        var head = source.Slice(0, Math.Min(source.Length, 64)).Span;
        if (head.Length < 8)
            throw new ModelFormatException("byte 0", "a .pte file", $"{head.Length} bytes");
        if (!Matches(head))
            throw new ModelFormatException("byte 4", "the identifier ET12", $"\"{Printable(head.Slice(4, 4))}\"");
        var header = ReadHeader(head);
        long programSize = source.Length;
        if (header is not null)
        {
            if (header.ProgramSize < 8 || header.ProgramSize > (ulong)source.Length)
                throw new ModelFormatException("byte 16 (program size)", $"at most the file's {source.Length} bytes", $"{header.ProgramSize}");
            programSize = (long)header.ProgramSize;
            CheckSegmentRange(header, source.Length);
        }
        var buffer = new FlatBuffer(source.Slice(0, programSize, "program"), ".pte");
        var root = buffer.Root("Program");
        var segments = List(root.Vector(4, 4), "DataSegment", s => new PteSegment(s.UInt64(0), s.UInt64(1)));
        long segmentBase = (long)(header?.SegmentBase ?? 0);
        return new PteProgram
        {
            Version = root.UInt32(0),
            Header = header,
            ProgramSize = programSize,
            FileSize = source.Length,
            Methods = List(root.Vector(1, 4), "ExecutionPlan", PteMethodReader.Read),
            ConstantBuffer = List(root.Vector(2, 4), "Buffer", b => b.Bytes(0)),
            InlineDelegateData = List(root.Vector(3, 4), "BackendDelegateInlineData", b => b.Bytes(0)),
            Segments = segments,
            ConstantSegment = root.Table(5, "SubsegmentOffsets") is { } constants ? Subsegments(constants) : null,
            MutableDataSegments = List(root.Vector(6, 4), "SubsegmentOffsets", Subsegments),
            NamedData = List(root.Vector(7, 4), "NamedData", n => new PteNamedData(n.String(0) ?? "", n.UInt32(1))),
            SegmentBytes = i => Segment(source, segmentBase, segments, i),
        };
    }

    internal static List<T> List<T>(FlatVector vector, string table, Func<FlatTable, T> read)
    {
        var list = new List<T>(vector.Count);
        for (int i = 0; i < vector.Count; i++)
            list.Add(read(vector.Table(i, table)));
        return list;
    }

    private static ReadOnlyMemory<byte> Segment(ByteSource source, long segmentBase, List<PteSegment> segments, int index)
    {
        if ((uint)index >= (uint)segments.Count)
            throw new ModelFormatException("Program.segments", $"an index below {segments.Count}", $"{index}", source.Name);
        var segment = segments[index];
        if (segment.Size == 0)
            return default;
        if (segmentBase == 0)
            throw new ModelFormatException("byte 8", "an extended header with a segment base, because the program has segments", "none", source.Name);
        if (segment.Offset > long.MaxValue - (ulong)segmentBase || segment.Size > long.MaxValue)
            throw new ModelFormatException($"Program.segments[{index}]", "a range inside the file", $"offset {segment.Offset}, size {segment.Size}", source.Name);
        return source.Slice(segmentBase + (long)segment.Offset, (long)segment.Size, $"segment {index}");
    }

    private static PteSubsegments Subsegments(FlatTable table) =>
        new(table.UInt32(0), Array.ConvertAll(table.Vector(1, 8).Int64s(), o => unchecked((ulong)o)));

    private static PteHeader? ReadHeader(ReadOnlySpan<byte> head)
    {
        if (head.Length < HeaderAt + MinimalHeader || !head.Slice(HeaderAt, 4).SequenceEqual("eh00"u8))
            return null;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(head[12..]);
        if (length < MinimalHeader)
            throw new ModelFormatException("byte 12 (header length)", $"at least {MinimalHeader}", $"{length}");
        ulong dataSize = length >= 32 && head.Length >= 40 ? BinaryPrimitives.ReadUInt64LittleEndian(head[32..]) : 0;
        return new PteHeader(length, BinaryPrimitives.ReadUInt64LittleEndian(head[16..]), BinaryPrimitives.ReadUInt64LittleEndian(head[24..]), dataSize);
    }

    private static void CheckSegmentRange(PteHeader header, long fileSize)
    {
        if (header.SegmentBase > (ulong)fileSize)
            throw new ModelFormatException("byte 24 (segment base)", $"at most the file's {fileSize} bytes", $"{header.SegmentBase}");
        if (header.SegmentDataSize > (ulong)fileSize - header.SegmentBase)
            throw new ModelFormatException("byte 32 (segment data size)", $"at most {(ulong)fileSize - header.SegmentBase} bytes behind the segment base; the file may be truncated", $"{header.SegmentDataSize}");
    }

    internal static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte b in bytes)
            text.Append(b is >= 32 and < 127 ? (char)b : '.');
        return text.ToString();
    }
}
