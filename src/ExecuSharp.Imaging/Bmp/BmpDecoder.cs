using System.Buffers.Binary;
using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Bmp;

/// <summary>Decodes Windows and OS/2 bitmaps: 1, 4, 8, 16, 24 and 32 bits, bit fields, RLE4 and RLE8, bottom-up and top-down.</summary>
public static class BmpDecoder
{
    // A run-length file may leave pixels out; this bounds the memory by the file's size all the same.
    private const int MaxRunLengthRatio = 4096;

    /// <summary>Decodes a whole file to Gray, Indexed, Rgb or Rgba.</summary>
    /// <exception cref="ModelFormatException">The file is broken, truncated, too large, or holds an embedded JPEG or PNG.</exception>
    public static Image Decode(ReadOnlySpan<byte> file)
    {
        var header = BmpHeader.Parse(file);
        if (header.DataOffset > file.Length)
            throw new ModelFormatException("byte 10", $"a data offset of at most {file.Length}", $"{header.DataOffset}");
        var data = file[header.DataOffset..];
        if (header.Compression is BmpHeader.Rle8 or BmpHeader.Rle4)
        {
            if ((long)header.Width * header.Height > (long)MaxRunLengthRatio * file.Length)
                throw new ModelFormatException("byte 18", $"at most {MaxRunLengthRatio} pixels for each of {file.Length} bytes", $"{header.Width}x{header.Height}");
            return Finish(header, BmpRunLength.Decode(data, header));
        }
        long stride = ((long)header.Width * header.BitsPerPixel + 31) / 32 * 4;
        if (stride * header.Height > data.Length)
            throw new ModelFormatException($"byte {header.DataOffset}", $"{header.Height} rows of {stride} bytes", $"{data.Length} bytes");
        return header.BitsPerPixel <= 8
            ? Finish(header, UnpackIndices(data, header, (int)stride))
            : DirectColor(data, header, (int)stride);
    }

    private static byte[] UnpackIndices(ReadOnlySpan<byte> data, BmpHeader header, int stride)
    {
        var pixels = new byte[header.Width * header.Height];
        int bits = header.BitsPerPixel, perByte = 8 / bits, mask = (1 << bits) - 1;
        for (int y = 0; y < header.Height; y++)
        {
            var row = data.Slice(header.FileRow(y) * stride, stride);
            var target = pixels.AsSpan(y * header.Width, header.Width);
            for (int x = 0; x < target.Length; x++)
                target[x] = (byte)((row[x / perByte] >> (8 - bits - x % perByte * bits)) & mask);
        }
        return pixels;
    }

    private static Image Finish(BmpHeader header, byte[] indices) => header.GrayPalette
        ? new Image(header.Width, header.Height, PixelFormat.Gray, indices)
        : new Image(header.Width, header.Height, PixelFormat.Indexed, indices, header.Palette);

    private static Image DirectColor(ReadOnlySpan<byte> data, BmpHeader header, int stride)
    {
        bool alpha = header.Masks[3] != 0;
        var image = new Image(header.Width, header.Height, alpha ? PixelFormat.Rgba : PixelFormat.Rgb);
        int channels = image.Channels, bytes = header.BitsPerPixel / 8;
        Span<int> shift = stackalloc int[4], most = stackalloc int[4];
        for (int c = 0; c < channels; c++)
        {
            shift[c] = header.Masks[c] == 0 ? 0 : int.TrailingZeroCount((int)header.Masks[c]);
            most[c] = (int)(header.Masks[c] >> shift[c]);
        }
        for (int y = 0; y < image.Height; y++)
        {
            var row = data.Slice(header.FileRow(y) * stride, stride);
            var target = image.Row(y);
            for (int x = 0; x < image.Width; x++)
            {
                var at = row[(x * bytes)..];
                uint pixel = bytes switch
                {
                    2 => BinaryPrimitives.ReadUInt16LittleEndian(at),
                    3 => (uint)(at[0] | (at[1] << 8) | (at[2] << 16)),
                    _ => BinaryPrimitives.ReadUInt32LittleEndian(at),
                };
                for (int c = 0; c < channels; c++)
                {
                    int value = (int)((pixel & header.Masks[c]) >> shift[c]);
                    target[x * channels + c] = (byte)(most[c] is 255 or 0 ? value : value * 255L / most[c]);
                }
            }
        }
        return image;
    }
}
