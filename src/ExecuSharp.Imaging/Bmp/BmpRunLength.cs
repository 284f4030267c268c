using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Bmp;

/// <summary>RLE8 and RLE4: pairs of count and value, with escapes for line end, picture end, jump and literal runs.</summary>
internal static class BmpRunLength
{
    /// <summary>Indices, rows from the top; pixels that the data jumps over are 0.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> data, BmpHeader header)
    {
        var pixels = new byte[header.Width * header.Height];
        bool nibbles = header.Compression == BmpHeader.Rle4;
        int x = 0, y = 0, at = 0;
        while (y < header.Height)
        {
            if (at + 2 > data.Length)
                throw Truncated(header, at);
            int count = data[at], value = data[at + 1];
            at += 2;
            if (count > 0)
            {
                for (int i = 0; i < count; i++, x++)
                    Put(pixels, header, x, y, nibbles ? ((i & 1) == 0 ? value >> 4 : value & 15) : value);
                continue;
            }
            switch (value)
            {
                case 0:
                    (x, y) = (0, y + 1);
                    break;
                case 1:
                    return pixels;
                case 2:
                    if (at + 2 > data.Length)
                        throw Truncated(header, at);
                    (x, y) = (x + data[at], y + data[at + 1]);
                    at += 2;
                    break;
                default:
                    int bytes = nibbles ? (value + 1) / 2 : value;
                    if (at + bytes > data.Length)
                        throw Truncated(header, at);
                    for (int i = 0; i < value; i++, x++)
                        Put(pixels, header, x, y, nibbles ? ((i & 1) == 0 ? data[at + i / 2] >> 4 : data[at + i / 2] & 15) : data[at + i]);
                    at += (bytes + 1) & ~1;
                    break;
            }
        }
        return pixels;
    }

    private static void Put(byte[] pixels, BmpHeader header, int x, int y, int value)
    {
        if (x < header.Width)
            pixels[header.FileRow(y) * header.Width + x] = (byte)value;
    }

    private static ModelFormatException Truncated(BmpHeader header, int at) =>
        new($"byte {header.DataOffset + (long)at}", "more run-length data or its end mark", "the end of the file");
}
