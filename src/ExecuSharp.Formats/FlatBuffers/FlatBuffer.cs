using System.Buffers.Binary;
using System.Text;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.FlatBuffers;

/// <summary>
/// Bounds-checked access to a FlatBuffer. Every offset is checked before use; the number of elements handed out is limited in proportion to the
/// buffer, so that tables that point at each other cannot make a small file look huge.
/// </summary>
public sealed class FlatBuffer
{
    private readonly ReadOnlyMemory<byte> memory;
    private long budget;

    /// <summary>Wraps a buffer.</summary>
    /// <param name="bytes">The buffer; offsets count from its first byte.</param>
    /// <param name="format">The format's name, for messages.</param>
    public FlatBuffer(ReadOnlyMemory<byte> bytes, string format)
    {
        memory = bytes;
        Format = format;
        budget = (bytes.Length * 4L) + 65536;
    }

    /// <summary>The format's name, for messages.</summary>
    public string Format { get; }

    /// <summary>Length in bytes.</summary>
    public int Length => memory.Length;

    /// <summary>The four characters at bytes 4 to 7, or an empty string for a shorter buffer.</summary>
    public string Identifier => memory.Length < 8 ? "" : Encoding.Latin1.GetString(memory.Span.Slice(4, 4));

    /// <summary>The root table.</summary>
    public FlatTable Root(string name)
    {
        uint offset = UInt32(0);
        return Table(0, offset, name);
    }

    internal ReadOnlySpan<byte> Span => memory.Span;

    internal ReadOnlyMemory<byte> Slice(int start, int length) => memory.Slice(start, length);

    internal ushort UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Range(at, 2));

    internal uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Range(at, 4));

    internal int Int32(int at) => BinaryPrimitives.ReadInt32LittleEndian(Range(at, 4));

    internal ReadOnlySpan<byte> Range(int at, int length)
    {
        if ((uint)at > (uint)memory.Length || memory.Length - at < length)
            throw Error(at, $"{length} bytes", $"{Math.Max(0, memory.Length - at)} bytes to the end of the buffer");
        return memory.Span.Slice(at, length);
    }

    internal void Spend(long elements, int at)
    {
        budget -= elements;
        if (budget < 0)
            throw Error(at, $"no more elements than a buffer of {memory.Length} bytes can hold", "tables that refer to each other again and again");
    }

    internal int Follow(int at, string what)
    {
        uint offset = UInt32(at);
        long target = (long)at + offset;
        if (offset == 0 || target > memory.Length - 4)
            throw Error(at, $"an offset to {what} inside the {memory.Length} bytes", $"offset {offset}");
        return (int)target;
    }

    internal FlatTable Table(int from, long offset, string name)
    {
        long at = from + offset;
        if (at > memory.Length - 4 || offset < 4)
            throw Error(from, $"an offset to table {name} inside the {memory.Length} bytes", $"offset {offset}");
        Spend(1, (int)at);
        int position = (int)at;
        long vtable = (long)position - Int32(position);
        if (vtable < 0 || vtable > memory.Length - 4)
            throw Error(position, $"a table {name} with its vtable inside the buffer", $"a vtable at {vtable}");
        int size = UInt16((int)vtable), tableSize = UInt16((int)vtable + 2);
        if (size < 4 || (size & 1) != 0 || vtable + size > memory.Length)
            throw Error((int)vtable, $"a vtable of {name} of an even size of at least 4", $"size {size}");
        if (tableSize < 4 || position + tableSize > memory.Length)
            throw Error(position, $"a table {name} inside the buffer", $"size {tableSize}");
        return new FlatTable(this, position, (int)vtable, (size - 4) / 2, tableSize, name);
    }

    internal ModelFormatException Error(long at, string expected, string found) => new($"byte {at} of {Format}", expected, found);
}
