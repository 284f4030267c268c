using System.Buffers.Binary;
using System.IO.Compression;

namespace ExecuSharp.Tests.Unit.Imaging;

/// <summary>Writes PNG files of any kind from sample values, with a filter that changes from row to row.</summary>
internal static class PngWriter
{
    private static readonly int[][] Adam7 = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

    /// <param name="samples">Row by row, <paramref name="channels"/> a pixel, each below 2^depth.</param>
    public static byte[] Write(int width, int height, int depth, int color, int channels, int[] samples, bool interlaced, byte[]? palette = null)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)color, (byte)(interlaced ? 1 : 0));
        Chunk(file, "IHDR", header);
        if (palette is not null)
            Chunk(file, "PLTE", palette);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (int[] pass in interlaced ? Adam7 : [[0, 0, 1, 1]])
                Pass(zlib, width, height, depth, channels, samples, pass);
        }
        byte[] idat = data.ToArray();
        Chunk(file, "IDAT", idat[..(idat.Length / 2)]);
        Chunk(file, "IDAT", idat[(idat.Length / 2)..]);
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    public static void Chunk(Stream file, string type, byte[] data)
    {
        var head = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(head, data.Length);
        System.Text.Encoding.ASCII.GetBytes(type).CopyTo(head, 4);
        file.Write(head);
        file.Write(data);
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc([.. head[4..], .. data]));
        file.Write(crc);
    }

    private static void Pass(Stream target, int width, int height, int depth, int channels, int[] samples, int[] pass)
    {
        int distance = Math.Max(1, channels * depth / 8), filter = 0;
        byte[]? above = null;
        for (int y = pass[1]; y < height; y += pass[3])
        {
            var bits = new List<int>();
            for (int x = pass[0]; x < width; x += pass[2])
            {
                for (int c = 0; c < channels; c++)
                {
                    for (int b = depth - 1; b >= 0; b--)
                        bits.Add((samples[(y * width + x) * channels + c] >> b) & 1);
                }
            }
            if (bits.Count == 0)
                return;
            var row = new byte[(bits.Count + 7) / 8];
            for (int i = 0; i < bits.Count; i++)
                row[i / 8] |= (byte)(bits[i] << (7 - i % 8));
            above ??= new byte[row.Length];
            target.WriteByte((byte)filter);
            target.Write(Filter(filter, row, above, distance));
            filter = (filter + 1) % 5;
            above = row;
        }
    }

    private static byte[] Filter(int filter, byte[] row, byte[] above, int distance)
    {
        var result = new byte[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int a = i < distance ? 0 : row[i - distance], b = above[i], c = i < distance ? 0 : above[i - distance];
            int p = a + b - c, pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
            int predicted = filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => pa <= pb && pa <= pc ? a : pb <= pc ? b : c };
            result[i] = (byte)(row[i] - predicted);
        }
        return result;
    }

    private static uint Crc(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
        }
        return ~crc;
    }
}
