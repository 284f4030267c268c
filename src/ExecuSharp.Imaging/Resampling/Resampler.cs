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

    /// <summary>Averages blocks of <paramref name="factorX"/> x <paramref name="factorY"/> pixels, as Pillow's <c>Image.reduce</c>; the last ones may be smaller.</summary>
    /// <exception cref="ArgumentException">A factor below 1, or an indexed picture.</exception>
    public static Image Reduce(Image image, int factorX, int factorY)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factorX, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(factorY, 1);
        if (image.Format == PixelFormat.Indexed)
            throw new ArgumentException("indices cannot be averaged", nameof(image));
        (factorX, factorY) = (Math.Min(factorX, image.Width), Math.Min(factorY, image.Height));
        var result = new Image((image.Width + factorX - 1) / factorX, (image.Height + factorY - 1) / factorY, image.Format, orientation: image.Orientation);
        bool alpha = image.Format is PixelFormat.GrayAlpha or PixelFormat.Rgba;
        byte[] pixels = image.Pixels;
        if (alpha)
        {
            pixels = [.. pixels];
            PixelConversion.Premultiply(pixels, image.Channels);
        }
        for (int y = 0; y < result.Height; y++)
        {
            int rows = Math.Min(factorY, image.Height - y * factorY);
            ResampleKernels.Average(pixels.AsSpan(y * factorY * image.Stride, rows * image.Stride), image.Channels, rows, factorX, result.Row(y));
        }
        if (alpha)
            PixelConversion.Unpremultiply(result.Pixels, image.Channels);
        return result;
    }

    private static byte[] Convolve(byte[] pixels, Image image, int width, int height, ResampleFilter filter, ResampleBox box)
    {
        int channels = image.Channels;
        bool vertical = height != image.Height || box.Top != 0 || box.Bottom != height;
        bool horizontal = width != image.Width || box.Left != 0 || box.Right != width;
        var down = vertical ? new ResampleWeights(filter, image.Height, box.Top, box.Bottom, height) : null;
        var across = horizontal ? new ResampleWeights(filter, image.Width, box.Left, box.Right, width) : null;
        if (down is null)
            return across is null ? pixels : Across(pixels, image.Stride, channels, across, 0, image.Height);
        if (across is null)
            return Down(pixels, image.Stride, down, 0);
        if (IsVerticalFirst(width, height, box))
            return Across(Down(pixels, image.Stride, down, 0), image.Stride, channels, across, 0, height);
        // Only the rows that the vertical pass reads.
        pixels = Across(pixels, image.Stride, channels, across, down.Start(0), down.End);
        return Down(pixels, width * channels, down, down.Start(0));
    }

    // Pillow 13 begins with the pass that takes away more; both passes round to bytes, so the order shows in the result.
    private static bool IsVerticalFirst(int width, int height, ResampleBox box)
    {
        float lostRows = box.Bottom - box.Top - height, lostColumns = box.Right - box.Left - width;
        return lostRows > 0 && lostRows > 2 * lostColumns;
    }

    private static byte[] Across(byte[] pixels, int stride, int channels, ResampleWeights weights, int firstRow, int endRow)
    {
        int width = weights.Outputs * channels;
        var result = new byte[checked(width * (endRow - firstRow))];
        for (int y = firstRow; y < endRow; y++)
            ResampleKernels.Horizontal(pixels.AsSpan(y * stride, stride), channels, weights, result.AsSpan((y - firstRow) * width, width));
        return result;
    }

    private static byte[] Down(byte[] pixels, int stride, ResampleWeights weights, int firstRow)
    {
        var result = new byte[checked(stride * weights.Outputs)];
        for (int y = 0; y < weights.Outputs; y++)
            ResampleKernels.Vertical(pixels.AsSpan((weights.Start(y) - firstRow) * stride), stride, weights.Taps(y), result.AsSpan(y * stride, stride));
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
