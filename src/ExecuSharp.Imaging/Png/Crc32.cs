namespace ExecuSharp.Imaging.Png;

/// <summary>The CRC-32 of PNG (ISO 3309, reflected polynomial EDB88320), four bytes at a time.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        int i = 0;
        for (; i + 4 <= data.Length; i += 4)
        {
            crc ^= (uint)(data[i] | (data[i + 1] << 8) | (data[i + 2] << 16) | (data[i + 3] << 24));
            crc = Table[768 + (crc & 255)] ^ Table[512 + ((crc >> 8) & 255)] ^ Table[256 + ((crc >> 16) & 255)] ^ Table[crc >> 24];
        }
        for (; i < data.Length; i++)
            crc = Table[(crc ^ data[i]) & 255] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[1024];
        for (uint n = 0; n < 256; n++)
        {
            uint c = n;
            for (int bit = 0; bit < 8; bit++)
                c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            table[n] = c;
        }
        for (int n = 256; n < 1024; n++)
            table[n] = table[table[n - 256] & 255] ^ (table[n - 256] >> 8);
        return table;
    }
}
