using System.Buffers.Binary;
using System.Text;

namespace ExecuSharp.Formats.FlatBuffers;

/// <summary>
/// Writes a FlatBuffer front to back: a table first, then what it points to, so that every offset is positive. Equal vtables are stored once.
/// The same input gives the same bytes.
/// </summary>
public sealed class FlatBufferWriter
{
    private readonly Dictionary<FlatObject, int> positions = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> vtables = [];
    private readonly Queue<(int At, FlatObject Child)> pending = new();
    private byte[] bytes = new byte[1024];
    private int length;

    private FlatBufferWriter()
    {
    }

    /// <summary>Writes a buffer.</summary>
    /// <param name="root">The root table.</param>
    /// <param name="identifier">Four characters at byte 4.</param>
    /// <param name="hole">Bytes to leave free behind the identifier, for a header.</param>
    /// <param name="alignEnd">The length becomes a multiple of this.</param>
    /// <param name="sizePrefixed">Four bytes with the length of what follows them come first; alignment counts from them.</param>
    public static byte[] Write(FlatTableBuilder root, string identifier, int hole = 0, int alignEnd = 4, bool sizePrefixed = false)
    {
        var writer = new FlatBufferWriter();
        int start = sizePrefixed ? 4 : 0;
        writer.Grow(start + 8 + hole);
        Encoding.ASCII.GetBytes(identifier, writer.bytes.AsSpan(start + 4, 4));
        writer.Defer(start, root);
        while (writer.pending.TryDequeue(out var next))
        {
            if (!writer.positions.TryGetValue(next.Child, out int position))
            {
                next.Child.Write(writer);
                position = writer.positions[next.Child];
            }
            BinaryPrimitives.WriteUInt32LittleEndian(writer.bytes.AsSpan(next.At), checked((uint)(position - next.At)));
        }
        writer.Pad(alignEnd, 0);
        if (sizePrefixed)
            BinaryPrimitives.WriteInt32LittleEndian(writer.bytes, writer.length - 4);
        return writer.bytes.AsSpan(0, writer.length).ToArray();
    }

    internal int BeginTable(FlatTableBuilder table, byte[] vtable, int size)
    {
        string key = Convert.ToHexString(vtable);
        if (!vtables.TryGetValue(key, out int vtablePosition))
        {
            Pad(2, 0);
            vtablePosition = Grow(vtable.Length);
            vtable.CopyTo(bytes.AsSpan(vtablePosition));
            vtables.Add(key, vtablePosition);
        }
        Pad(table.Alignment, 0);
        int start = Grow(size);
        positions.Add(table, start);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(start), start - vtablePosition);
        return start;
    }

    internal int BeginVector(FlatVectorBuilder vector, int count, int byteCount, int alignment)
    {
        // The first element is aligned, so the 4-byte count before it may have to be moved.
        Pad(Math.Max(alignment, 4), 4);
        int start = Grow(4 + byteCount);
        positions.Add(vector, start);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(start), count);
        return start + 4;
    }

    internal void WriteBytes(int at, ReadOnlySpan<byte> data) => data.CopyTo(bytes.AsSpan(at));

    internal void WriteScalar(int at, int size, ulong bits)
    {
        var target = bytes.AsSpan(at, size);
        switch (size)
        {
            case 1: target[0] = (byte)bits; break;
            case 2: BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)bits); break;
            case 4: BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)bits); break;
            default: BinaryPrimitives.WriteUInt64LittleEndian(target, bits); break;
        }
    }

    internal void Defer(int at, FlatObject child) => pending.Enqueue((at, child));

    private void Pad(int alignment, int ahead)
    {
        int rest = (length + ahead) % alignment;
        if (rest != 0)
            Grow(alignment - rest);
    }

    private int Grow(int count)
    {
        int start = length;
        length = checked(length + count);
        if (length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(length, (int)Math.Min((long)bytes.Length * 2, Array.MaxLength)));
        return start;
    }
}
