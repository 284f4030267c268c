using System.Buffers.Binary;

namespace ExecuSharp.Formats.Zip;

/// <summary>CRC-32 (polynomial 0xEDB88320), eight bytes a step.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> data)
    {
        uint crc = 0xFFFFFFFF;
        ReadOnlySpan<uint> t = Table;
        while (data.Length >= 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ crc;
            crc = t[(int)(word & 0xFF) + 7 * 256] ^ t[(int)((word >> 8) & 0xFF) + 6 * 256]
                ^ t[(int)((word >> 16) & 0xFF) + 5 * 256] ^ t[(int)((word >> 24) & 0xFF) + 4 * 256]
                ^ t[(int)((word >> 32) & 0xFF) + 3 * 256] ^ t[(int)((word >> 40) & 0xFF) + 2 * 256]
                ^ t[(int)((word >> 48) & 0xFF) + 256] ^ t[(int)(word >> 56)];
            data = data[8..];
        }
        foreach (byte b in data)
            crc = (crc >> 8) ^ t[(int)((crc ^ b) & 0xFF)];
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint c = i;
            for (int k = 0; k < 8; k++)
                c = (c & 1) != 0 ? (c >> 1) ^ 0xEDB88320 : c >> 1;
            table[i] = c;
        }
        for (int i = 256; i < table.Length; i++)
            table[i] = (table[i - 256] >> 8) ^ table[(int)(table[i - 256] & 0xFF)];
        return table;
    }
}
