using System.Buffers.Binary;
using ExecuSharp.Formats.FlatBuffers;
using ExecuSharp.Formats.Io;

namespace ExecuSharp.Formats.Pte;

/// <summary>Writes <c>.pte</c> files. The same program gives the same bytes.</summary>
public static class PteWriter
{
    private const int InlineAlignment = 16;

    /// <summary>Writes a program and its segments.</summary>
    /// <param name="image">Program and segment bytes.</param>
    /// <param name="target">Where to write; need not seek.</param>
    /// <param name="headerLength">Extended header: 24 (releases up to 0.7), 32 (since 1.0), or 0 for none, which needs a program without segment data.</param>
    /// <param name="segmentAlignment">Alignment of each segment in the file.</param>
    public static void Write(PteImage image, Stream target, int headerLength = 32, int segmentAlignment = 128)
    {
        var segments = Place(image.Segments, segmentAlignment, out long dataSize);
        if (headerLength == 0 && dataSize > 0)
            throw new ArgumentException("a program with segment data needs an extended header");
        int hole = (headerLength + 15) & ~15;
        var bytes = FlatBufferWriter.Write(Root(image.Program, segments), "ET12", hole, InlineAlignment);
        long segmentBase = dataSize == 0 ? 0 : Align(bytes.Length, segmentAlignment);
        if (headerLength > 0)
            WriteHeader(bytes.AsSpan(8), headerLength, bytes.Length, segmentBase, dataSize);
        target.Write(bytes);
        if (dataSize == 0)
            return;
        long position = bytes.Length;
        for (int i = 0; i < segments.Length; i++)
        {
            if (segments[i].Size == 0)
                continue;
            Zeros(target, segmentBase + (long)segments[i].Offset - position);
            foreach (var piece in image.Segments[i].Pieces)
            {
                target.Write(piece.Span);
                MappedPages.Release(piece);
            }
            position = segmentBase + (long)(segments[i].Offset + segments[i].Size);
        }
    }

    /// <summary>Writes a program to memory.</summary>
    public static byte[] ToBytes(PteImage image, int headerLength = 32, int segmentAlignment = 128)
    {
        var stream = new MemoryStream();
        Write(image, stream, headerLength, segmentAlignment);
        return stream.ToArray();
    }

    private static PteSegment[] Place(IReadOnlyList<PteSegmentData> data, int alignment, out long end)
    {
        var result = new PteSegment[data.Count];
        long position = 0;
        end = 0;
        for (int i = 0; i < result.Length; i++)
        {
            position = Align(position, alignment);
            result[i] = new PteSegment(data[i].Length == 0 ? 0 : (ulong)position, (ulong)data[i].Length);
            if (data[i].Length == 0)
                continue;
            position += data[i].Length;
            end = position;
        }
        return result;
    }

    private static void WriteHeader(Span<byte> at, int length, long programSize, long segmentBase, long dataSize)
    {
        "eh00"u8.CopyTo(at);
        BinaryPrimitives.WriteUInt32LittleEndian(at[4..], (uint)length);
        BinaryPrimitives.WriteUInt64LittleEndian(at[8..], (ulong)programSize);
        BinaryPrimitives.WriteUInt64LittleEndian(at[16..], (ulong)segmentBase);
        if (length >= 32)
            BinaryPrimitives.WriteUInt64LittleEndian(at[24..], (ulong)dataSize);
    }

    private static FlatTableBuilder Root(PteProgram program, PteSegment[] segments)
    {
        var root = new FlatTableBuilder()
            .UInt32(0, program.Version)
            .Child(1, FlatVectorBuilder.Tables([.. program.Methods.Select(PteMethodWriter.Method)]))
            .Child(2, FlatVectorBuilder.Tables([.. program.ConstantBuffer.Select(Buffer)]))
            .Child(3, FlatVectorBuilder.Tables([.. program.InlineDelegateData.Select(Buffer)]))
            .Child(4, FlatVectorBuilder.Tables([.. segments.Select(s => new FlatTableBuilder().UInt64(0, s.Offset).UInt64(1, s.Size))]));
        if (program.ConstantSegment is { } constants)
            root.Child(5, Subsegments(constants));
        if (program.MutableDataSegments.Count > 0)
            root.Child(6, FlatVectorBuilder.Tables([.. program.MutableDataSegments.Select(Subsegments)]));
        if (program.NamedData.Count > 0)
            root.Child(7, FlatVectorBuilder.Tables([.. program.NamedData.Select(n => new FlatTableBuilder().String(0, n.Key).UInt32(1, n.SegmentIndex))]));
        return root;
    }

    private static FlatTableBuilder Buffer(ReadOnlyMemory<byte> data) =>
        new FlatTableBuilder().Child(0, FlatVectorBuilder.Bytes(data, InlineAlignment));

    private static FlatTableBuilder Subsegments(PteSubsegments s) => new FlatTableBuilder()
        .UInt32(0, s.SegmentIndex)
        .Child(1, FlatVectorBuilder.Int64s([.. s.Offsets.Select(o => unchecked((long)o))]));

    private static long Align(long value, int alignment) => (value + alignment - 1) / alignment * alignment;

    private static void Zeros(Stream target, long count)
    {
        Span<byte> zeros = stackalloc byte[256];
        zeros.Clear();
        for (; count > 0; count -= Math.Min(count, zeros.Length))
            target.Write(zeros[..(int)Math.Min(count, zeros.Length)]);
    }
}
