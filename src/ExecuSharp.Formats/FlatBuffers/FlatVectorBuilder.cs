using System.Buffers.Binary;
using System.Text;

namespace ExecuSharp.Formats.FlatBuffers;

/// <summary>A vector to be written: scalars as bytes, or tables.</summary>
public sealed class FlatVectorBuilder : FlatObject
{
    private readonly ReadOnlyMemory<byte> data;
    private readonly IReadOnlyList<FlatObject>? children;
    private readonly int count;
    private readonly int elementSize;
    private readonly int alignment;
    private readonly bool terminated;

    private FlatVectorBuilder(ReadOnlyMemory<byte> data, int count, int elementSize, int alignment, bool terminated = false)
    {
        this.data = data;
        this.count = count;
        this.elementSize = elementSize;
        this.alignment = Math.Max(alignment, elementSize);
        this.terminated = terminated;
    }

    private FlatVectorBuilder(IReadOnlyList<FlatObject> children)
    {
        this.children = children;
        count = children.Count;
        elementSize = 4;
        alignment = 4;
    }

    /// <summary>Bytes, with the alignment of the first one.</summary>
    public static FlatVectorBuilder Bytes(ReadOnlyMemory<byte> bytes, int alignment = 1) => new(bytes, bytes.Length, 1, alignment);

    /// <summary>UTF-8 text with a NUL behind it that does not count.</summary>
    public static FlatVectorBuilder Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new(bytes, bytes.Length, 1, 1, terminated: true);
    }

    /// <summary>32-bit integers.</summary>
    public static FlatVectorBuilder Int32s(ReadOnlySpan<int> values)
    {
        var bytes = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), values[i]);
        return new(bytes, values.Length, 4, 4);
    }

    /// <summary>Unsigned 32-bit integers.</summary>
    public static FlatVectorBuilder UInt32s(ReadOnlySpan<uint> values) =>
        Int32s(System.Runtime.InteropServices.MemoryMarshal.Cast<uint, int>(values));

    /// <summary>Floats.</summary>
    public static FlatVectorBuilder Singles(ReadOnlySpan<float> values) =>
        Int32s(System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(values));

    /// <summary>64-bit integers.</summary>
    public static FlatVectorBuilder Int64s(ReadOnlySpan<long> values)
    {
        var bytes = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 8), values[i]);
        return new(bytes, values.Length, 8, 8);
    }

    /// <summary>Doubles.</summary>
    public static FlatVectorBuilder Doubles(ReadOnlySpan<double> values) =>
        Int64s(System.Runtime.InteropServices.MemoryMarshal.Cast<double, long>(values));

    /// <summary>16-bit integers.</summary>
    public static FlatVectorBuilder UInt16s(ReadOnlySpan<ushort> values)
    {
        var bytes = new byte[values.Length * 2];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * 2), values[i]);
        return new(bytes, values.Length, 2, 2);
    }

    /// <summary>Tables, or strings made by <see cref="Text"/>.</summary>
    public static FlatVectorBuilder Tables(IReadOnlyList<FlatObject> tables) => new(tables);

    internal override int Alignment => alignment;

    internal override void Write(FlatBufferWriter writer)
    {
        int first = writer.BeginVector(this, count, count * elementSize + (terminated ? 1 : 0), alignment);
        if (children is null)
            writer.WriteBytes(first, data.Span);
        else
            for (int i = 0; i < children.Count; i++)
                writer.Defer(first + (4 * i), children[i]);
    }
}
