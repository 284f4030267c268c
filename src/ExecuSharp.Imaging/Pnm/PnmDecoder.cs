using System.Buffers.Binary;
using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Pnm;

/// <summary>Decodes PBM, PGM and PPM files, plain (P1 to P3) and raw (P4 to P6), with any largest value up to 65535.</summary>
public static class PnmDecoder
{
    /// <summary>
    /// Decodes the first picture of a file to Indexed (bilevel), Gray or Rgb. Values are scaled to 255 as Pillow does; grey of more than 8 bits is
    /// scaled to 65535 and then clipped at 255, also as Pillow does when it converts to RGB.
    /// </summary>
    /// <exception cref="ModelFormatException">The file is broken, truncated or too large.</exception>
    public static Image Decode(ReadOnlySpan<byte> file)
    {
        var tokens = new PnmTokens(file);
        int kind = tokens.Kind();
        bool bilevel = kind is 1 or 4, plain = kind <= 3;
        int width = tokens.Number("width", Image.MaxSide), height = tokens.Number("height", Image.MaxSide);
        Image.CheckSize("header", width, height);
        int most = bilevel ? 1 : tokens.Number("largest value", 65535);
        if (most == 0)
            throw new ModelFormatException("header", "a largest value of 1 to 65535", "0");
        int channels = kind is 3 or 6 ? 3 : 1;
        long samples = (long)width * height * channels;
        long needed = bilevel && !plain ? (width + 7L) / 8 * height : plain && !bilevel ? 2 * samples - 1 : samples * (most > 255 ? 2 : 1);
        if (!plain)
            tokens.EndHeader();
        if (needed > tokens.Left)
            throw new ModelFormatException($"byte {tokens.Position}", $"at least {needed} bytes for {width}x{height}", $"{tokens.Left}");
        if (bilevel)
            return new Image(width, height, PixelFormat.Indexed, plain ? PlainBits(ref tokens, (int)samples) : RawBits(tokens.Rest, width, height), BlackAndWhite());
        var pixels = new byte[samples];
        int full = channels == 1 && most > 255 ? 65535 : 255;
        var table = ScaleTable(most, full);
        if (plain)
        {
            for (int i = 0; i < pixels.Length; i++)
                pixels[i] = table[tokens.Number("a sample", most)];
        }
        else
        {
            Raw(tokens.Rest, table, pixels);
        }
        return new Image(width, height, channels == 1 ? PixelFormat.Gray : PixelFormat.Rgb, pixels);
    }

    /// <summary>The palette of bilevel pictures: 0 black, else white.</summary>
    internal static byte[] BlackAndWhite()
    {
        var palette = new byte[768];
        palette.AsSpan(3).Fill(255);
        return palette;
    }

    // round-half-even(value / most * full), then clipped to a byte
    private static byte[] ScaleTable(int most, int full)
    {
        var table = new byte[most + 1];
        for (int i = 0; i <= most; i++)
            table[i] = (byte)Math.Min(Math.Round((double)i / most * full, MidpointRounding.ToEven), 255);
        return table;
    }

    private static void Raw(ReadOnlySpan<byte> data, byte[] table, Span<byte> pixels)
    {
        bool wide = table.Length > 256;
        int most = table.Length - 1;
        for (int i = 0; i < pixels.Length; i++)
        {
            int value = wide ? BinaryPrimitives.ReadUInt16BigEndian(data[(2 * i)..]) : data[i];
            pixels[i] = table[Math.Min(value, most)];
        }
    }

    private static byte[] RawBits(ReadOnlySpan<byte> data, int width, int height)
    {
        var pixels = new byte[width * height];
        int stride = (width + 7) / 8;
        for (int y = 0; y < height; y++)
        {
            var row = data.Slice(y * stride, stride);
            for (int x = 0; x < width; x++)
                pixels[y * width + x] = (byte)(~row[x >> 3] >> (7 - (x & 7)) & 1);
        }
        return pixels;
    }

    private static byte[] PlainBits(ref PnmTokens tokens, int count)
    {
        var pixels = new byte[count];
        for (int i = 0; i < count; i++)
            pixels[i] = (byte)(1 - tokens.Bit());
        return pixels;
    }
}
