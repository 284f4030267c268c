namespace ExecuSharp.Imaging.Jpeg;

/// <summary>
/// Enlarges the rows of a subsampled component to the full size. Factor 2 uses libjpeg's "fancy" triangle filter: each sample is 3/4 the nearer and
/// 1/4 the farther neighbour, with alternating rounding; other factors repeat samples.
/// </summary>
internal sealed class Upsampler
{
    private readonly JpegComponent component;
    private readonly int factorX;
    private readonly int factorY;
    private readonly bool fancyX;
    private readonly int[] sums;
    private readonly byte[] buffer;

    public Upsampler(JpegFrame frame, JpegComponent component)
    {
        this.component = component;
        factorX = frame.MaxH / component.H;
        factorY = frame.MaxV / component.V;
        // libjpeg: rows of one or two samples are repeated
        fancyX = factorX == 2 && factorY <= 2 && component.Width > 2;
        sums = new int[component.Width];
        buffer = new byte[component.Width * factorX];
    }

    /// <summary>Row <paramref name="y"/> of the full-size picture, valid until the next call; it may be longer than the picture is wide.</summary>
    public ReadOnlySpan<byte> Row(int y)
    {
        int row = y / factorY;
        var near = component.Row(row);
        bool vertical = factorY == 2 && (factorX == 1 || fancyX);
        if (factorX == 1 && !vertical)
            return near;
        if (!vertical)
        {
            if (fancyX)
                DoubleWidth(near, buffer);
            else
                Repeat(near, buffer, factorX);
            return buffer;
        }
        int other = Math.Clamp((y & 1) == 0 ? row - 1 : row + 1, 0, component.Height - 1);
        var far = component.Row(other);
        if (factorX == 1)
            MixRows(near, far, 1 + (y & 1), buffer);
        else
            DoubleBoth(near, far, buffer);
        return buffer;
    }

    private static void Repeat(ReadOnlySpan<byte> row, Span<byte> target, int times)
    {
        for (int i = 0; i < row.Length; i++)
            target.Slice(i * times, times).Fill(row[i]);
    }

    private static void MixRows(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int bias, Span<byte> target)
    {
        for (int i = 0; i < near.Length; i++)
            target[i] = (byte)((near[i] * 3 + far[i] + bias) >> 2);
    }

    private static void DoubleWidth(ReadOnlySpan<byte> row, Span<byte> target)
    {
        int last = row.Length - 1;
        target[0] = row[0];
        target[1] = (byte)((row[0] * 3 + row[1] + 2) >> 2);
        for (int i = 1; i < last; i++)
        {
            int centre = row[i] * 3;
            target[2 * i] = (byte)((centre + row[i - 1] + 1) >> 2);
            target[2 * i + 1] = (byte)((centre + row[i + 1] + 2) >> 2);
        }
        target[2 * last] = (byte)((row[last] * 3 + row[last - 1] + 1) >> 2);
        target[2 * last + 1] = row[last];
    }

    private void DoubleBoth(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, Span<byte> target)
    {
        var sum = sums.AsSpan(0, near.Length);
        for (int i = 0; i < sum.Length; i++)
            sum[i] = near[i] * 3 + far[i];
        int last = sum.Length - 1;
        target[0] = (byte)((sum[0] * 4 + 8) >> 4);
        target[1] = (byte)((sum[0] * 3 + sum[1] + 7) >> 4);
        for (int i = 1; i < last; i++)
        {
            int centre = sum[i] * 3;
            target[2 * i] = (byte)((centre + sum[i - 1] + 8) >> 4);
            target[2 * i + 1] = (byte)((centre + sum[i + 1] + 7) >> 4);
        }
        target[2 * last] = (byte)((sum[last] * 3 + sum[last - 1] + 8) >> 4);
        target[2 * last + 1] = (byte)((sum[last] * 4 + 7) >> 4);
    }
}
