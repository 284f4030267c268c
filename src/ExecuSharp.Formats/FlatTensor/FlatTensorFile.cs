using System.Buffers.Binary;
using ExecuSharp.Core;
using ExecuSharp.Formats.FlatBuffers;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Formats.FlatTensor;

/// <summary>
/// External weights (<c>.ptd</c>; flat_tensor.fbs; identifier FT01, header FH01). The schemas of release 0.6 and of later ones share the identifier
/// but not the layout; they are told apart by the length of the root's vtable.
/// </summary>
public sealed class FlatTensorFile
{
    private const int HeaderLength = 40;
    private readonly ByteSource source;
    private readonly long segmentBase;
    private readonly IReadOnlyList<PteSegment> segments;

    private FlatTensorFile(ByteSource source, long segmentBase, IReadOnlyList<PteSegment> segments, IReadOnlyList<FlatTensorEntry> entries, bool legacy)
    {
        this.source = source;
        this.segmentBase = segmentBase;
        this.segments = segments;
        Entries = entries;
        IsLegacy = legacy;
    }

    /// <summary>Tensors and blobs by key.</summary>
    public IReadOnlyList<FlatTensorEntry> Entries { get; }

    /// <summary>True for the schema of release 0.6.</summary>
    public bool IsLegacy { get; }

    /// <summary>True if the bytes start like a <c>.ptd</c>.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.Length >= 8 && head.Slice(4, 4).SequenceEqual("FT01"u8);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFormatException">The bytes are no <c>.ptd</c>.</exception>
    public static FlatTensorFile Read(ByteSource source) => source.Read(Parse);

    /// <summary>The bytes of an entry.</summary>
    /// <exception cref="ModelFormatException">The entry's segment is not inside the file.</exception>
    public ReadOnlyMemory<byte> BytesOf(FlatTensorEntry entry)
    {
        if (entry.SegmentIndex >= segments.Count)
            throw new ModelFormatException($"entry \"{entry.Key}\"", $"a segment below {segments.Count}", $"{entry.SegmentIndex}", source.Name);
        var segment = segments[(int)entry.SegmentIndex];
        if (segment.Offset > long.MaxValue - (ulong)segmentBase || segment.Size > long.MaxValue || entry.Offset > segment.Size)
            throw new ModelFormatException($"entry \"{entry.Key}\"", "a range inside the file", $"offset {segment.Offset}, size {segment.Size}", source.Name);
        long size = entry.ByteLength ?? (long)(segment.Size - entry.Offset);
        if ((ulong)size > segment.Size - entry.Offset)
            throw new ModelFormatException($"entry \"{entry.Key}\"", $"{size} bytes", $"{segment.Size - entry.Offset} bytes in its segment", source.Name);
        return source.Slice(segmentBase + (long)segment.Offset + (long)entry.Offset, size, $"entry \"{entry.Key}\"");
    }

    /// <summary>Writes a file of the current schema: a segment for each entry, aligned to 128 bytes.</summary>
    public static void Write(IReadOnlyList<(string Key, ScalarType Type, int[] Sizes, byte[] DimOrder, ReadOnlyMemory<byte> Data)> tensors, Stream target)
    {
        const int Alignment = 128;
        long position = 0;
        var placed = new List<FlatTableBuilder>();
        var starts = new List<long>();
        foreach (var tensor in tensors)
        {
            position = (position + Alignment - 1) / Alignment * Alignment;
            starts.Add(position);
            placed.Add(new FlatTableBuilder().UInt64(0, (ulong)position).UInt64(1, (ulong)tensor.Data.Length));
            position += tensor.Data.Length;
        }
        var names = tensors.Select((t, i) => new FlatTableBuilder()
            .String(0, t.Key)
            .UInt32(1, (uint)i)
            .Child(2, new FlatTableBuilder().Byte(0, (byte)t.Type).Child(1, FlatVectorBuilder.Int32s(t.Sizes)).Child(2, FlatVectorBuilder.Bytes(t.DimOrder))));
        var root = new FlatTableBuilder().Child(1, FlatVectorBuilder.Tables(placed)).Child(2, FlatVectorBuilder.Tables([.. names]));
        var bytes = FlatBufferWriter.Write(root, "FT01", HeaderLength, 16);
        long start = (bytes.Length + Alignment - 1L) / Alignment * Alignment;
        "FH01"u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), HeaderLength);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), 48);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), (ulong)(bytes.Length - 48));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), (ulong)start);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), (ulong)position);
        target.Write(bytes);
        long written = bytes.Length;
        for (int i = 0; i < tensors.Count; i++)
        {
            target.Write(new byte[start + starts[i] - written]);
            target.Write(tensors[i].Data.Span);
            written = start + starts[i] + tensors[i].Data.Length;
        }
    }

    private static FlatTensorFile Parse(ByteSource source)
    {
        var head = source.Slice(0, Math.Min(source.Length, 64)).Span;
        if (!Matches(head))
            throw new ModelFormatException("byte 4", "the identifier FT01", head.Length < 8 ? $"{head.Length} bytes" : $"\"{PteReader.Printable(head.Slice(4, 4))}\"");
        if (head.Length < 48 || !head.Slice(8, 4).SequenceEqual("FH01"u8))
            throw new ModelFormatException("byte 8", "the header FH01 of 40 bytes", head.Length < 12 ? "the end of the file" : $"\"{PteReader.Printable(head.Slice(8, 4))}\"");
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(head[16..]), size = BinaryPrimitives.ReadUInt64LittleEndian(head[24..]);
        ulong start = BinaryPrimitives.ReadUInt64LittleEndian(head[32..]);
        if (offset > (ulong)source.Length || size > (ulong)source.Length - offset)
            throw new ModelFormatException("byte 16 (flatbuffer)", $"a range inside the file's {source.Length} bytes", $"offset {offset}, size {size}");
        if (start > (ulong)source.Length)
            throw new ModelFormatException("byte 32 (segment base)", $"at most {source.Length}", $"{start}");
        var root = new FlatBuffer(source.Slice(0, (long)(offset + size), "flat tensor"), ".ptd").Root("FlatTensor");
        bool legacy = root.Slots > 3;
        var segments = PteReader.List(root.Vector(legacy ? 3 : 1, 4), "DataSegment", s => new PteSegment(s.UInt64(0), s.UInt64(1)));
        var entries = legacy
            ? PteReader.List(root.Vector(2, 4), "TensorMetadata", LegacyTensor).Concat(PteReader.List(root.Vector(4, 4), "NamedData", n => new FlatTensorEntry(n.String(0) ?? "", n.UInt32(1), 0, null)))
            : PteReader.List(root.Vector(2, 4), "NamedData", n => new FlatTensorEntry(n.String(0) ?? "", n.UInt32(1), 0, n.Table(2, "TensorLayout") is { } l ? Layout(l, 0) : null));
        return new FlatTensorFile(source, (long)start, segments, [.. entries], legacy);
    }

    private static FlatTensorEntry LegacyTensor(FlatTable t) => new(t.String(0) ?? "", t.UInt32(4), t.UInt64(5), Layout(t, 1));

    private static FlatTensorLayout Layout(FlatTable t, int first)
    {
        var layout = new FlatTensorLayout((ScalarType)t.Byte(first), t.Vector(first + 1, 4).Int32s(), t.Bytes(first + 2).ToArray());
        long bytes = layout.Type.SizeOf();
        if (bytes == 0)
            throw t.Error("a known element type", $"{(int)layout.Type}");
        foreach (int s in layout.Sizes)
        {
            if (s < 0 || (s > 0 && bytes > int.MaxValue / s))
                throw t.Error("sizes of 0 or more, and fewer than 2^31 bytes", Tensor.Format(layout.Sizes));
            bytes *= s;
        }
        return layout;
    }
}
