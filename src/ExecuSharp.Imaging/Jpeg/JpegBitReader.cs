using System.Runtime.CompilerServices;
using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Jpeg;

/// <summary>Bits of an entropy-coded segment, most significant first; FF 00 stands for FF, any other FF xx ends the segment.</summary>
internal ref struct JpegBitReader(ReadOnlySpan<byte> data, int position)
{
    private readonly ReadOnlySpan<byte> data = data;
    private int position = position;
    private ulong buffer;
    private int available;
    // Zero bits that were supplied after the end of the segment.
    private int padding;

    /// <summary>Where the next byte would be read.</summary>
    public readonly int Position => position;

    /// <summary>At least 16 bits (or zeros after the end) are made available.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill()
    {
        if (available < 16)
            FillSlow();
    }

    private void FillSlow()
    {
        while (available <= 48)
        {
            uint next = 0;
            if (position < data.Length && (data[position] != 0xFF || (position + 1 < data.Length && data[position + 1] == 0)))
            {
                next = data[position];
                position += next == 0xFF ? 2 : 1;
            }
            else
            {
                padding += 8;
            }
            buffer = (buffer << 8) | next;
            available += 8;
        }
    }

    /// <summary>The next symbol of a table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Decode(HuffmanTable table)
    {
        Fill();
        int entry = table.Lookup[(int)(buffer >> (available - HuffmanTable.LookupBits)) & ((1 << HuffmanTable.LookupBits) - 1)];
        if (entry == 0)
            return DecodeLong(table);
        Consume(entry >> 8);
        return entry & 0xFF;
    }

    /// <summary>The next <paramref name="count"/> (0 to 16) bits as a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bits(int count)
    {
        Fill();
        int value = (int)(buffer >> (available - count)) & ((1 << count) - 1);
        Consume(count);
        return value;
    }

    /// <summary>A signed value of <paramref name="size"/> bits in JPEG's one's-complement-like code (T.81 F.2.2.1: EXTEND).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Extend(int size)
    {
        if (size == 0)
            return 0;
        int value = Bits(size);
        return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    /// <summary>Drops what is left and moves behind the restart marker that must follow.</summary>
    public void Restart(int expected)
    {
        // Whole bytes may have been buffered, but never beyond a marker.
        available = 0;
        buffer = 0;
        padding = 0;
        int at = position;
        while (at + 1 < data.Length && !(data[at] == 0xFF && data[at + 1] is not (0 or 0xFF)))
            at++;
        if (at + 1 >= data.Length)
            throw new ModelFormatException($"byte {at}", $"restart marker {expected}", "the end of the file");
        if (data[at + 1] != 0xD0 + expected)
            throw new ModelFormatException($"byte {at}", $"restart marker {expected}", $"marker FF{data[at + 1]:X2}");
        position = at + 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Consume(int count)
    {
        available -= count;
        if (available < padding)
            throw Truncated(position);
    }

    private int DecodeLong(HuffmanTable table)
    {
        int code = (int)(buffer >> (available - HuffmanTable.LookupBits)) & ((1 << HuffmanTable.LookupBits) - 1);
        for (int length = HuffmanTable.LookupBits + 1; length <= 16; length++)
        {
            code = (int)(buffer >> (available - length)) & ((1 << length) - 1);
            if (code > table.MaxCode[length])
                continue;
            Consume(length);
            return table.Values[table.ValueOffset[length] + code];
        }
        throw padding > 0 ? Truncated(position)
            : new ModelFormatException($"byte {position}", "a code of the Huffman table", $"bits {code:b16}");
    }

    private static ModelFormatException Truncated(int at) =>
        new($"byte {at}", "more entropy-coded data", "the end of the segment");
}
