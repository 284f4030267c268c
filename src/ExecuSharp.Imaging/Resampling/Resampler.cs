namespace ExecuSharp.Imaging.Resampling;

/// <summary>Resizes pictures byte for byte as Pillow's <c>Image.resize</c>.</summary>
public static class Resampler
{
    /// <summary>Resizes to an exact size, ignoring the aspect ratio.</summary>
    /// <param name="image">
    /// Any format. Indexed pictures use <see cref="ResampleFilter.Nearest"/> whatever is asked, and colours with alpha are multiplied by it before and
    /// divided after, both as in Pillow.
    /// </param>
    /// <param name="width">Target width, 1 to <see cref="Image.MaxSide"/>.</param>
    /// <param name="height">Target height, likewise.</param>
    /// <param name="filter">The filter; stretched when the picture gets smaller (antialias).</param>
    /// <param name="box">The part of the source to use; null for all.</param>
    /// <exception cref="ArgumentException">The size or the box is out of range.</exception>
    public static Image Resize(Image image, int width, int height, ResampleFilter filter = ResampleFilter.Bilinear, ResampleBox? box = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Image.MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Image.MaxSide);
        var whole = new ResampleBox(0, 0, image.Width, image.Height);
        var part = box ?? whole;
        if (!(part.Left >= 0 && part.Top >= 0 && part.Right <= image.Width && part.Bottom <= image.Height && part.Left < part.Right && part.Top < part.Bottom))
            throw new ArgumentException($"{part} in a picture of {image.Width}x{image.Height}", nameof(box));
        if (part == whole && width == image.Width && height == image.Height)
            return image;
        if (filter == ResampleFilter.Nearest || image.Format == PixelFormat.Indexed)
            return Nearest(image, width, height, part);
        bool alpha = image.Format is PixelFormat.GrayAlpha or PixelFormat.Rgba;
        byte[] pixels = image.Pixels;
        if (alpha)
        {
            pixels = [.. pixels];
            PixelConversion.Premultiply(pixels, image.Channels);
        }
        pixels = Convolve(pixels, image, width, height, filter, part);
        if (alpha)
            PixelConversion.Unpremultiply(pixels, image.Channels);
        return new Image(width, height, image.Format, pixels, image.Palette, image.Orientation);
    }

    /// <summary>Resizes so that the short side gets <paramref name="size"/>, as torchvision's <c>Resize(size)</c>: the long side is cut to an integer.</summary>
    public static Image ResizeShortSide(Image image, int size, ResampleFilter filter = ResampleFilter.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        int shortSide = Math.Min(image.Width, image.Height), longSide = Math.Max(image.Width, image.Height);
        int other = (int)Math.Min((long)size * longSide / shortSide, int.MaxValue);
        return image.Width <= image.Height ? Resize(image, size, other, filter) : Resize(image, other, size, filter);
    }

    /// <summary>Resizes so that the picture fits into <paramref name="width"/> x <paramref name="height"/>; the other side is rounded half to even.</summary>
    public static Image ResizeToFit(Image image, int width, int height, ResampleFilter filter = ResampleFilter.Bilinear)
    {
        double ratio = Math.Max((double)image.Height / height, (double)image.Width / width);
        return Resize(image, (int)Math.Round(image.Width / ratio), (int)Math.Round(image.Height / ratio), filter);
    }

    private static byte[] Convolve(byte[] pixels, Image image, int width, int height, ResampleFilter filter, ResampleBox box)
    {
        int channels = image.Channels, rows = image.Height, firstRow = 0;
        bool vertical = height != image.Height || box.Top != 0 || box.Bottom != height;
        var down = vertical ? new ResampleWeights(filter, image.Height, box.Top, box.Bottom, height) : null;
        if (width != image.Width || box.Left != 0 || box.Right != width)
        {
            // Only the rows that the vertical pass reads.
            firstRow = down?.Start(0) ?? 0;
            rows = (down?.End ?? image.Height) - firstRow;
            var across = new ResampleWeights(filter, image.Width, box.Left, box.Right, width);
            var wide = new byte[checked(width * channels * rows)];
            for (int y = 0; y < rows; y++)
                ResampleKernels.Horizontal(pixels.AsSpan((firstRow + y) * image.Stride, image.Stride), channels, across, wide.AsSpan(y * width * channels, width * channels));
            pixels = wide;
        }
        if (down is null)
            return pixels;
        int stride = width * channels;
        var result = new byte[checked(stride * height)];
        for (int y = 0; y < height; y++)
            ResampleKernels.Vertical(pixels.AsSpan((down.Start(y) - firstRow) * stride), stride, down.Taps(y), result.AsSpan(y * stride, stride));
        return result;
    }

    private static Image Nearest(Image image, int width, int height, ResampleBox box)
    {
        var result = new Image(width, height, image.Format, image.Palette, image.Orientation);
        int channels = image.Channels;
        var columns = Positions(box.Left, box.Right, width, image.Width);
        var rows = Positions(box.Top, box.Bottom, height, image.Height);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> source = image.Row(rows[y]);
            var target = result.Row(y);
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < channels; c++)
                    target[x * channels + c] = source[columns[x] * channels + c];
            }
        }
        return result;
    }

    // The position is summed up step by step: rounding errors add up as in Pillow.
    private static int[] Positions(float from, float to, int outputs, int size)
    {
        var result = new int[outputs];
        double step = (double)(to - from) / outputs, at = from + step * 0.5;
        for (int i = 0; i < outputs; i++, at += step)
            result[i] = Math.Min((int)at, size - 1);
        return result;
    }
}
