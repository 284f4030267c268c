using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Jpeg;

/// <summary>A Huffman table (T.81 annex C) with a table look-up for codes up to 9 bits.</summary>
internal sealed class HuffmanTable
{
    public const int LookupBits = 9;

    /// <summary>By the next 9 bits: code length in bits 8 and up, symbol in the low byte; 0 if the code is longer or does not exist.</summary>
    public readonly ushort[] Lookup = new ushort[1 << LookupBits];

    /// <summary>By length: the largest code, or -1.</summary>
    public readonly int[] MaxCode = new int[17];

    /// <summary>By length: what to add to a code to get the index of its value.</summary>
    public readonly int[] ValueOffset = new int[17];

    /// <summary>Symbols in code order.</summary>
    public readonly byte[] Values;

    /// <param name="counts">Codes of each length 1 to 16.</param>
    /// <param name="values">As many symbols as codes.</param>
    /// <param name="place">For the error message.</param>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values, string place)
    {
        Values = values.ToArray();
        int code = 0, index = 0;
        for (int length = 1; length <= 16; length++)
        {
            int count = counts[length - 1];
            if (code + count > 1 << length)
                throw new ModelFormatException(place, $"at most {(1 << length) - code} codes of {length} bits", $"{count}");
            ValueOffset[length] = index - code;
            MaxCode[length] = count == 0 ? -1 : code + count - 1;
            for (int i = 0; i < count; i++, code++, index++)
            {
                if (length > LookupBits)
                    continue;
                int shift = LookupBits - length;
                Lookup.AsSpan(code << shift, 1 << shift).Fill((ushort)((length << 8) | Values[index]));
            }
            code <<= 1;
        }
    }
}
