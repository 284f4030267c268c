using System.Buffers.Binary;
using System.Text;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.FlatBuffers;

/// <summary>A table of a FlatBuffer. Slot n is the vtable entry at byte 4 + 2n; an absent field reads as its default.</summary>
public readonly struct FlatTable
{
    private readonly FlatBuffer buffer;
    private readonly int position;
    private readonly int vtable;
    private readonly int size;
    private readonly string name;

    internal FlatTable(FlatBuffer buffer, int position, int vtable, int slots, int size, string name)
    {
        this.buffer = buffer;
        this.position = position;
        this.vtable = vtable;
        this.size = size;
        this.name = name;
        Slots = slots;
    }

    /// <summary>Number of slots in the vtable; fields added to the schema later lie beyond.</summary>
    public int Slots { get; }

    /// <summary>Byte position in the buffer, for messages.</summary>
    public int Position => position;

    /// <summary>True if the field is stored.</summary>
    public bool Has(int slot) => slot < Slots && buffer.UInt16(vtable + 4 + (2 * slot)) != 0;

    /// <summary>A byte.</summary>
    public byte Byte(int slot, byte missing = 0) => Field(slot, 1) is var at and > 0 ? buffer.Span[at] : missing;

    /// <summary>A signed byte.</summary>
    public sbyte SByte(int slot, sbyte missing = 0) => Field(slot, 1) is var at and > 0 ? (sbyte)buffer.Span[at] : missing;

    /// <summary>A truth value.</summary>
    public bool Bool(int slot, bool missing = false) => Byte(slot, missing ? (byte)1 : (byte)0) != 0;

    /// <summary>A 16-bit integer.</summary>
    public short Int16(int slot, short missing = 0) => Field(slot, 2) is var at and > 0 ? (short)buffer.UInt16(at) : missing;

    /// <summary>A 32-bit integer.</summary>
    public int Int32(int slot, int missing = 0) => Field(slot, 4) is var at and > 0 ? buffer.Int32(at) : missing;

    /// <summary>An unsigned 32-bit integer.</summary>
    public uint UInt32(int slot, uint missing = 0) => Field(slot, 4) is var at and > 0 ? buffer.UInt32(at) : missing;

    /// <summary>A 64-bit integer.</summary>
    public long Int64(int slot, long missing = 0)
    {
        // Some writers trim the upper half of a small last field.
        if (slot < Slots && buffer.UInt16(vtable + 4 + (2 * slot)) is var offset and > 0 && offset + 8 > size && offset + 4 == size)
            return buffer.UInt32(Field(slot, 4));
        return Field(slot, 8) is var at and > 0 ? BinaryPrimitives.ReadInt64LittleEndian(buffer.Span[at..]) : missing;
    }

    /// <summary>An unsigned 64-bit integer.</summary>
    public ulong UInt64(int slot, ulong missing = 0) => unchecked((ulong)Int64(slot, (long)missing));

    /// <summary>A float.</summary>
    public float Single(int slot, float missing = 0) => Field(slot, 4) is var at and > 0 ? BitConverter.Int32BitsToSingle(buffer.Int32(at)) : missing;

    /// <summary>A double.</summary>
    public double Double(int slot, double missing = 0) => BitConverter.Int64BitsToDouble(Int64(slot, BitConverter.DoubleToInt64Bits(missing)));

    /// <summary>A string, or null if absent.</summary>
    public string? String(int slot)
    {
        int at = Field(slot, 4);
        if (at <= 0)
            return null;
        return ReadString(buffer, buffer.Follow(at, "a string"));
    }

    /// <summary>A table, or null if absent.</summary>
    public FlatTable? Table(int slot, string table)
    {
        int at = Field(slot, 4);
        return at <= 0 ? null : buffer.Table(at, buffer.UInt32(at), table);
    }

    /// <summary>A table that must be there.</summary>
    public FlatTable RequiredTable(int slot, string table) =>
        Table(slot, table) ?? throw buffer.Error(position, $"{name} with a {table} in slot {slot}", "nothing there");

    /// <summary>A vector with elements of a size; empty if absent.</summary>
    public FlatVector Vector(int slot, int elementSize)
    {
        int at = Field(slot, 4);
        if (at <= 0)
            return default;
        int start = buffer.Follow(at, "a vector");
        uint count = buffer.UInt32(start);
        if ((long)count * elementSize > buffer.Length - start - 4)
            throw buffer.Error(start, $"a vector of {name} slot {slot} inside the buffer", $"{count} elements of {elementSize} bytes");
        buffer.Spend(elementSize == 1 ? 1 : count, start);
        return new FlatVector(buffer, start + 4, (int)count, elementSize, $"{name}[{slot}]");
    }

    /// <summary>A vector of bytes, not copied; empty if absent.</summary>
    public ReadOnlyMemory<byte> Bytes(int slot) => Vector(slot, 1).Bytes();

    /// <summary>An error at this table.</summary>
    public ModelFormatException Error(string expected, string found) => new($"{name} at byte {position} of {buffer.Format}", expected, found);

    internal static string ReadString(FlatBuffer buffer, int start)
    {
        uint count = buffer.UInt32(start);
        if (count > buffer.Length - start - 4)
            throw buffer.Error(start, "a string inside the buffer", $"length {count}");
        buffer.Spend(count / 4, start);
        return Encoding.UTF8.GetString(buffer.Range(start + 4, (int)count));
    }

    private int Field(int slot, int bytes)
    {
        if (slot >= Slots)
            return 0;
        int offset = buffer.UInt16(vtable + 4 + (2 * slot));
        if (offset == 0)
            return 0;
        if (offset < 4 || offset + bytes > size)
            throw buffer.Error(vtable + 4 + (2 * slot), $"slot {slot} of {name} inside its table of {size} bytes", $"offset {offset}");
        return position + offset;
    }
}
