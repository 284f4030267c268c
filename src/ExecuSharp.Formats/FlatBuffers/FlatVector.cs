using System.Buffers.Binary;

namespace ExecuSharp.Formats.FlatBuffers;

/// <summary>A vector of a FlatBuffer.</summary>
public readonly struct FlatVector
{
    private readonly FlatBuffer? buffer;
    private readonly int start;
    private readonly int elementSize;
    private readonly string name;

    internal FlatVector(FlatBuffer buffer, int start, int count, int elementSize, string name)
    {
        this.buffer = buffer;
        this.start = start;
        this.elementSize = elementSize;
        this.name = name;
        Count = count;
    }

    /// <summary>Number of elements; 0 for an absent vector.</summary>
    public int Count { get; }

    /// <summary>True if the vector is stored, also when empty.</summary>
    public bool IsPresent => buffer is not null;

    /// <summary>A byte element.</summary>
    public byte Byte(int index) => buffer!.Span[At(index)];

    /// <summary>A 16-bit element.</summary>
    public ushort UInt16(int index) => buffer!.UInt16(At(index));

    /// <summary>A 32-bit element.</summary>
    public int Int32(int index) => buffer!.Int32(At(index));

    /// <summary>A 64-bit element.</summary>
    public long Int64(int index) => BinaryPrimitives.ReadInt64LittleEndian(buffer!.Span[At(index)..]);

    /// <summary>A table element.</summary>
    public FlatTable Table(int index, string table)
    {
        int at = At(index);
        return buffer!.Table(at, buffer.UInt32(at), table);
    }

    /// <summary>A string element.</summary>
    public string String(int index) => FlatTable.ReadString(buffer!, buffer!.Follow(At(index), $"a string of {name}"));

    /// <summary>All bytes of the vector, not copied.</summary>
    public ReadOnlyMemory<byte> Bytes() => buffer is null ? default : buffer.Slice(start, Count * elementSize);

    /// <summary>32-bit elements, copied.</summary>
    public int[] Int32s()
    {
        var result = new int[Count];
        for (int i = 0; i < result.Length; i++)
            result[i] = Int32(i);
        return result;
    }

    /// <summary>Unsigned 32-bit elements, copied.</summary>
    public uint[] UInt32s() => Array.ConvertAll(Int32s(), v => unchecked((uint)v));

    /// <summary>64-bit elements, copied.</summary>
    public long[] Int64s()
    {
        var result = new long[Count];
        for (int i = 0; i < result.Length; i++)
            result[i] = Int64(i);
        return result;
    }

    /// <summary>Floats, copied.</summary>
    public float[] Singles() => Array.ConvertAll(Int32s(), BitConverter.Int32BitsToSingle);

    /// <summary>Doubles, copied.</summary>
    public double[] Doubles() => Array.ConvertAll(Int64s(), BitConverter.Int64BitsToDouble);

    private int At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return start + (index * elementSize);
    }
}
