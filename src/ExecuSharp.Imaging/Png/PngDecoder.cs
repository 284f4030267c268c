using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Png;

/// <summary>Decodes PNG files: every colour type and bit depth, palettes, Adam7. Gamma, colour profiles and transparent colours of grey and RGB files are ignored, as in Pillow.</summary>
public static class PngDecoder
{
    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    // Adam7: first column, first row, column step, row step of each pass.
    private static ReadOnlySpan<byte> Passes => [0, 0, 8, 8, 4, 0, 8, 8, 0, 4, 4, 8, 2, 0, 4, 4, 0, 2, 2, 4, 1, 0, 2, 2, 0, 1, 1, 2];

    /// <summary>
    /// Decodes a whole file to Gray, Indexed, GrayAlpha, Rgb or Rgba. Of 16-bit colours the high byte is kept; 16-bit grey is clipped at 255, which is
    /// what Pillow's conversion to RGB does; 16-bit grey with alpha becomes Rgba.
    /// </summary>
    /// <exception cref="ModelFormatException">The file is broken, truncated or too large.</exception>
    public static Image Decode(ReadOnlySpan<byte> file)
    {
        var chunks = PngChunks.Read(file);
        var header = chunks.Header;
        byte[] raw = chunks.Inflate(RawLength(header));
        var image = new Image(header.Width, header.Height, header.Format, chunks.Palette(), chunks.Orientation);
        int offset = 0;
        if (!header.Interlaced)
        {
            Pass(raw, ref offset, header, image, 0, 0, 1, 1);
            return image;
        }
        for (int p = 0; p < Passes.Length; p += 4)
            Pass(raw, ref offset, header, image, Passes[p], Passes[p + 1], Passes[p + 2], Passes[p + 3]);
        return image;
    }

    private static long RawLength(PngHeader header)
    {
        if (!header.Interlaced)
            return (1 + header.RowLength(header.Width)) * header.Height;
        long total = 0;
        for (int p = 0; p < Passes.Length; p += 4)
        {
            int width = Steps(header.Width, Passes[p], Passes[p + 2]), height = Steps(header.Height, Passes[p + 1], Passes[p + 3]);
            if (width > 0)
                total += (1 + header.RowLength(width)) * height;
        }
        return total;
    }

    private static int Steps(int size, int start, int step) => size <= start ? 0 : (size - start + step - 1) / step;

    private static void Pass(byte[] raw, ref int offset, PngHeader header, Image image, int x0, int y0, int dx, int dy)
    {
        int width = Steps(header.Width, x0, dx), height = Steps(header.Height, y0, dy);
        if (width == 0)
            return;
        int length = (int)header.RowLength(width);
        ReadOnlySpan<byte> previous = new byte[length];
        var scattered = dx == 1 ? [] : new byte[width * image.Channels];
        for (int y = 0; y < height; y++)
        {
            var row = raw.AsSpan(offset + 1, length);
            PngFilter.Undo(raw[offset], row, previous, header.FilterDistance);
            previous = row;
            offset += 1 + length;
            var target = image.Row(y0 + y * dy);
            if (dx == 1)
            {
                PngSamples.Unpack(row, header, target);
                continue;
            }
            PngSamples.Unpack(row, header, scattered);
            int channels = image.Channels;
            for (int x = 0; x < width; x++)
                scattered.AsSpan(x * channels, channels).CopyTo(target[((x0 + x * dx) * channels)..]);
        }
    }
}
