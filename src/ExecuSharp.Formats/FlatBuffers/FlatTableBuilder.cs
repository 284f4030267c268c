using System.Buffers.Binary;

namespace ExecuSharp.Formats.FlatBuffers;

/// <summary>A table to be written: its stored fields by slot. Scalars equal to their default are left out, as the official writer does.</summary>
public sealed class FlatTableBuilder : FlatObject
{
    private readonly SortedDictionary<int, Field> fields = [];

    internal readonly record struct Field(int Size, ulong Bits, FlatObject? Child);

    internal IReadOnlyDictionary<int, Field> Fields => fields;

    /// <summary>A byte.</summary>
    public FlatTableBuilder Byte(int slot, byte value, byte omit = 0) => value == omit ? this : Put(slot, 1, value);

    /// <summary>A truth value.</summary>
    public FlatTableBuilder Bool(int slot, bool value) => Byte(slot, value ? (byte)1 : (byte)0);

    /// <summary>A 16-bit integer.</summary>
    public FlatTableBuilder Int16(int slot, short value) => value == 0 ? this : Put(slot, 2, (ushort)value);

    /// <summary>A 32-bit integer.</summary>
    public FlatTableBuilder Int32(int slot, int value, int omit = 0) => value == omit ? this : Put(slot, 4, unchecked((uint)value));

    /// <summary>An unsigned 32-bit integer.</summary>
    public FlatTableBuilder UInt32(int slot, uint value, uint omit = 0) => value == omit ? this : Put(slot, 4, value);

    /// <summary>A 64-bit integer.</summary>
    public FlatTableBuilder Int64(int slot, long value, long omit = 0) => value == omit ? this : Put(slot, 8, unchecked((ulong)value));

    /// <summary>An unsigned 64-bit integer.</summary>
    public FlatTableBuilder UInt64(int slot, ulong value) => value == 0 ? this : Put(slot, 8, value);

    /// <summary>A float; only +0.0 is left out, the sign of -0.0 is kept.</summary>
    public FlatTableBuilder Single(int slot, float value) =>
        BitConverter.SingleToUInt32Bits(value) is var bits && bits == 0 ? this : Put(slot, 4, bits);

    /// <summary>A double; only +0.0 is left out, the sign of -0.0 is kept.</summary>
    public FlatTableBuilder Double(int slot, double value) =>
        BitConverter.DoubleToUInt64Bits(value) is var bits && bits == 0 ? this : Put(slot, 8, bits);

    /// <summary>A string; null is left out.</summary>
    public FlatTableBuilder String(int slot, string? value) => value is null ? this : Child(slot, FlatVectorBuilder.Text(value));

    /// <summary>A table or vector; null is left out. The same object may be a child of several tables and is written once.</summary>
    public FlatTableBuilder Child(int slot, FlatObject? value)
    {
        if (value is not null)
            fields[slot] = new Field(4, 0, value);
        return this;
    }

    /// <summary>A union: the type in <paramref name="slot"/>, the table in the next one.</summary>
    public FlatTableBuilder Union(int slot, byte type, FlatObject value) => Byte(slot, type).Child(slot + 1, value);

    private FlatTableBuilder Put(int slot, int size, ulong bits)
    {
        fields[slot] = new Field(size, bits, null);
        return this;
    }

    internal override int Alignment => fields.Values.Any(f => f.Size == 8) ? 8 : 4;

    internal override void Write(FlatBufferWriter writer)
    {
        int slots = fields.Count == 0 ? 0 : fields.Keys.Max() + 1;
        var vtable = new byte[4 + (2 * slots)];
        // Large fields first after the 4-byte vtable offset: 4-byte ones fill the gap before the first 8-byte one.
        var order = fields.Where(f => f.Value.Size == 8).Concat(fields.Where(f => f.Value.Size == 4)).Concat(fields.Where(f => f.Value.Size < 4).OrderByDescending(f => f.Value.Size)).ToList();
        int gap = Alignment == 8 ? order.FindIndex(f => f.Value.Size == 4) : -1;
        if (gap > 0)
        {
            var filler = order[gap];
            order.RemoveAt(gap);
            order.Insert(0, filler);
        }
        int offset = 4;
        foreach (var (slot, field) in order)
        {
            offset = (offset + field.Size - 1) & -field.Size;
            BinaryPrimitives.WriteUInt16LittleEndian(vtable.AsSpan(4 + (2 * slot)), checked((ushort)offset));
            offset += field.Size;
        }
        BinaryPrimitives.WriteUInt16LittleEndian(vtable, checked((ushort)vtable.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(vtable.AsSpan(2), checked((ushort)offset));
        int start = writer.BeginTable(this, vtable, offset);
        foreach (var (slot, field) in order)
        {
            int at = start + BinaryPrimitives.ReadUInt16LittleEndian(vtable.AsSpan(4 + (2 * slot)));
            if (field.Child is null)
                writer.WriteScalar(at, field.Size, field.Bits);
            else
                writer.Defer(at, field.Child);
        }
    }
}
