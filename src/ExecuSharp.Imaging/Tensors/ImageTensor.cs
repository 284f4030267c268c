using System.Runtime.InteropServices;

namespace ExecuSharp.Imaging.Tensors;

/// <summary>Turns RGB pictures into planar float tensors.</summary>
public static class ImageTensor
{
    /// <summary>Writes [3, H, W]: <c>(u8 / 255 - mean) / std</c> per channel in single precision, each operation rounded, as torchvision's ToTensor and Normalize.</summary>
    /// <param name="image">Rgb, or another format that is converted to it.</param>
    /// <param name="mean">Of red, green, blue.</param>
    /// <param name="std">Of red, green, blue; not zero.</param>
    /// <param name="target">Exactly 3·H·W values.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public static void WriteNormalized(Image image, ReadOnlySpan<float> mean, ReadOnlySpan<float> std, Span<float> target)
    {
        if (mean.Length != 3 || std.Length != 3)
            throw new ArgumentException($"{mean.Length} means and {std.Length} deviations for 3 channels");
        Span<float> tables = stackalloc float[768];
        for (int c = 0; c < 3; c++)
        {
            for (int v = 0; v < 256; v++)
                tables[c * 256 + v] = (v / 255f - mean[c]) / std[c];
        }
        Write(image, tables, target);
    }

    /// <summary>Writes [3, H, W]: <c>u8 / 127.5 - 1</c> in single precision, the input of Perception Encoder models.</summary>
    /// <exception cref="ArgumentException"><paramref name="target"/> has not exactly 3·H·W values.</exception>
    public static void WriteSigned(Image image, Span<float> target)
    {
        Span<float> tables = stackalloc float[768];
        for (int i = 0; i < tables.Length; i++)
            tables[i] = (i & 255) / 127.5f - 1;
        Write(image, tables, target);
    }

    private static void Write(Image image, ReadOnlySpan<float> tables, Span<float> target)
    {
        int plane = image.Width * image.Height;
        if (target.Length != 3L * plane)
            throw new ArgumentException($"{target.Length} values for [3, {image.Height}, {image.Width}]", nameof(target));
        var pixels = MemoryMarshal.Cast<byte, Triple>(PixelConversion.ToRgb(image).Pixels);
        Span<float> red = target[..plane], green = target.Slice(plane, plane), blue = target[(2 * plane)..];
        ReadOnlySpan<float> r = tables[..256], g = tables.Slice(256, 256), b = tables.Slice(512, 256);
        for (int i = 0; i < plane; i++)
        {
            var pixel = pixels[i];
            red[i] = r[pixel.Red];
            green[i] = g[pixel.Green];
            blue[i] = b[pixel.Blue];
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct Triple
    {
        public readonly byte Red;
        public readonly byte Green;
        public readonly byte Blue;
    }
}
