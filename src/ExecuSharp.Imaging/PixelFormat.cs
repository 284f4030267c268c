namespace ExecuSharp.Imaging;

/// <summary>What the interleaved bytes of an <see cref="Image"/> mean.</summary>
public enum PixelFormat
{
    /// <summary>One byte: luminance.</summary>
    Gray,
    /// <summary>One byte: an index into <see cref="Image.Palette"/>. Bilevel files have the palette black, white.</summary>
    Indexed,
    /// <summary>Luminance, alpha.</summary>
    GrayAlpha,
    /// <summary>Red, green, blue.</summary>
    Rgb,
    /// <summary>Red, green, blue, alpha (not premultiplied).</summary>
    Rgba,
    /// <summary>Cyan, magenta, yellow, black; 255 is full ink.</summary>
    Cmyk,
}
