namespace ExecuSharp.Imaging;

/// <summary>Conversions between pixel formats with Pillow's arithmetic.</summary>
public static class PixelConversion
{
    /// <summary>RGB as <c>Image.convert("RGB")</c>: grey is replicated, alpha is dropped, indices go through the palette, CMYK is multiplied out.</summary>
    public static Image ToRgb(Image image)
    {
        if (image.Format == PixelFormat.Rgb)
            return image;
        var result = new Image(image.Width, image.Height, PixelFormat.Rgb, orientation: image.Orientation);
        ReadOnlySpan<byte> source = image.Pixels;
        Span<byte> target = result.Pixels;
        switch (image.Format)
        {
            case PixelFormat.Indexed: FromIndexed(source, image.Palette.Span, target); break;
            case PixelFormat.Rgba: DropAlpha(source, target); break;
            case PixelFormat.Cmyk: FromCmyk(source, target); break;
            default: FromGray(source, image.Channels, target); break;
        }
        return result;
    }

    /// <summary>Colour times alpha in place, as Pillow's modes <c>RGBa</c> and <c>La</c>.</summary>
    internal static void Premultiply(Span<byte> pixels, int channels)
    {
        for (int i = 0; i + channels <= pixels.Length; i += channels)
        {
            int alpha = pixels[i + channels - 1];
            for (int c = 0; c < channels - 1; c++)
                pixels[i + c] = MultiplyBy255th(pixels[i + c], alpha);
        }
    }

    /// <summary>The reverse of <see cref="Premultiply"/>.</summary>
    internal static void Unpremultiply(Span<byte> pixels, int channels)
    {
        for (int i = 0; i + channels <= pixels.Length; i += channels)
        {
            int alpha = pixels[i + channels - 1];
            if (alpha is 0 or 255)
                continue;
            for (int c = 0; c < channels - 1; c++)
                pixels[i + c] = (byte)Math.Min(255 * pixels[i + c] / alpha, 255);
        }
    }

    // round(a * b / 255) without a division; exact for bytes.
    private static byte MultiplyBy255th(int a, int b)
    {
        int t = a * b + 128;
        return (byte)(((t >> 8) + t) >> 8);
    }

    private static void FromIndexed(ReadOnlySpan<byte> source, ReadOnlySpan<byte> palette, Span<byte> target)
    {
        for (int i = 0, o = 0; i < source.Length; i++, o += 3)
            palette.Slice(source[i] * 3, 3).CopyTo(target[o..]);
    }

    private static void FromGray(ReadOnlySpan<byte> source, int step, Span<byte> target)
    {
        for (int i = 0, o = 0; i < source.Length; i += step, o += 3)
            target[o] = target[o + 1] = target[o + 2] = source[i];
    }

    private static void DropAlpha(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (int i = 0, o = 0; i < source.Length; i += 4, o += 3)
        {
            target[o] = source[i];
            target[o + 1] = source[i + 1];
            target[o + 2] = source[i + 2];
        }
    }

    private static void FromCmyk(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (int i = 0, o = 0; i < source.Length; i += 4, o += 3)
        {
            int light = 255 - source[i + 3];
            for (int c = 0; c < 3; c++)
                target[o + c] = (byte)Math.Max(light - MultiplyBy255th(source[i + c], light), 0);
        }
    }
}
