using ExecuSharp.Core;

namespace ExecuSharp.Imaging;

/// <summary>A picture of 8-bit samples, rows from the top without padding, channels interleaved.</summary>
public sealed class Image
{
    /// <summary>Longest side that any reader accepts, in pixels.</summary>
    public const int MaxSide = 30_000;

    /// <summary>Most pixels that any reader accepts, checked before memory is taken.</summary>
    public const long MaxPixels = 178_956_970;

    /// <summary>Wraps samples; they are not copied.</summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="format">Meaning of the samples.</param>
    /// <param name="pixels">Exactly <c>width * height * channels</c> bytes.</param>
    /// <param name="palette">256 RGB triples for <see cref="PixelFormat.Indexed"/>, else empty.</param>
    /// <param name="orientation">The EXIF orientation of the file, 1 to 8.</param>
    /// <exception cref="ArgumentException">A size, a length or the palette does not fit.</exception>
    public Image(int width, int height, PixelFormat format, byte[] pixels, ReadOnlyMemory<byte> palette = default, int orientation = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(orientation, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(orientation, 8);
        Width = width;
        Height = height;
        Format = format;
        Pixels = pixels;
        Palette = palette;
        Orientation = orientation;
        if (pixels.LongLength != (long)width * height * Channels)
            throw new ArgumentException($"{pixels.LongLength} bytes for {width}x{height} {format}");
        if (palette.Length != (format == PixelFormat.Indexed ? 768 : 0))
            throw new ArgumentException($"a palette of {palette.Length} bytes for {format}");
    }

    /// <summary>Makes a black (or fully transparent) picture.</summary>
    public Image(int width, int height, PixelFormat format, ReadOnlyMemory<byte> palette = default, int orientation = 1)
        : this(width, height, format, new byte[checked(width * height * ChannelsOf(format))], palette, orientation)
    {
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Meaning of the samples.</summary>
    public PixelFormat Format { get; }

    /// <summary>Samples a pixel.</summary>
    public int Channels => ChannelsOf(Format);

    /// <summary>The samples.</summary>
    public byte[] Pixels { get; }

    /// <summary>256 RGB triples of an indexed picture, else empty.</summary>
    public ReadOnlyMemory<byte> Palette { get; }

    /// <summary>The file's EXIF orientation, 1 (upright) to 8; not applied to the samples. See <see cref="ExifOrientation.Apply"/>.</summary>
    public int Orientation { get; }

    /// <summary>Bytes of a row.</summary>
    public int Stride => Width * Channels;

    /// <summary>The samples of a row.</summary>
    public Span<byte> Row(int y) => Pixels.AsSpan(y * Stride, Stride);

    /// <summary>Samples a pixel of a format.</summary>
    public static int ChannelsOf(PixelFormat format) => format switch
    {
        PixelFormat.Gray or PixelFormat.Indexed => 1,
        PixelFormat.GrayAlpha => 2,
        PixelFormat.Rgb => 3,
        _ => 4,
    };

    /// <summary>The part that starts at (<paramref name="left"/>, <paramref name="top"/>); what lies outside is zero.</summary>
    public Image Crop(int left, int top, int width, int height)
    {
        var result = new Image(width, height, Format, Palette);
        int x0 = Math.Max(left, 0), x1 = (int)Math.Min((long)left + width, Width);
        int y0 = Math.Max(top, 0), y1 = (int)Math.Min((long)top + height, Height);
        if (x0 >= x1)
            return result;
        for (int y = y0; y < y1; y++)
            Row(y).Slice(x0 * Channels, (x1 - x0) * Channels).CopyTo(result.Row(y - top)[((x0 - left) * Channels)..]);
        return result;
    }

    /// <summary>The middle, as torchvision's <c>CenterCrop</c>: smaller pictures are padded with zeros, the odd pixel goes right and below.</summary>
    public Image CenterCrop(int width, int height) => Crop(CenterOffset(Width, width), CenterOffset(Height, height), width, height);

    // Padding is floor((crop - size) / 2) before; cropping starts at round-half-even((size - crop) / 2).
    private static int CenterOffset(int size, int crop) =>
        size < crop ? -((crop - size) / 2) : (int)Math.Round((size - crop) / 2.0, MidpointRounding.ToEven);

    /// <summary>Checks a size that a file claims.</summary>
    /// <exception cref="ModelFormatException">A side is 0 or above <see cref="MaxSide"/>, or the picture has more than <see cref="MaxPixels"/>.</exception>
    internal static void CheckSize(string place, long width, long height)
    {
        if (width is < 1 or > MaxSide || height is < 1 or > MaxSide || width * height > MaxPixels)
            throw new ModelFormatException(place, $"1 to {MaxSide} pixels a side and at most {MaxPixels} pixels", $"{width}x{height}");
    }
}
