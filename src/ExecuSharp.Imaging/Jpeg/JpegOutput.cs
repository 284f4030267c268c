using System.Runtime.Intrinsics;

namespace ExecuSharp.Imaging.Jpeg;

/// <summary>Turns the components' samples into pixels with libjpeg's 16-bit fixed-point colour equations.</summary>
internal static class JpegOutput
{
    public static Image Render(JpegFrame frame, JpegColor color, int orientation)
    {
        var format = color switch
        {
            JpegColor.Gray => PixelFormat.Gray,
            JpegColor.Rgb or JpegColor.YCbCr => PixelFormat.Rgb,
            _ => PixelFormat.Cmyk,
        };
        var image = new Image(frame.Width, frame.Height, format, orientation: orientation);
        foreach (var c in frame.Components)
            InverseDct.Transform(c);
        var rows = Array.ConvertAll(frame.Components, c => new Upsampler(frame, c));
        for (int y = 0; y < image.Height; y++)
        {
            if (color == JpegColor.Gray)
                rows[0].Row(y)[..image.Width].CopyTo(image.Row(y));
            else if (format == PixelFormat.Rgb)
                ThreeComponents(rows, y, color == JpegColor.YCbCr, image.Row(y));
            else
                FourComponents(rows, y, color == JpegColor.Ycck, image.Row(y));
        }
        return image;
    }

    private static void ThreeComponents(Upsampler[] rows, int y, bool transform, Span<byte> target)
    {
        var a = rows[0].Row(y);
        var b = rows[1].Row(y);
        var c = rows[2].Row(y);
        if (transform)
            YCbCrToRgb(a, b, c, target);
        else
            Interleave(a, b, c, target);
    }

    // Files hold inverted ink (Adobe's convention, which Pillow assumes of all). YCCK gives R = 255 - C, which is the ink once inverted.
    private static void FourComponents(Upsampler[] rows, int y, bool transform, Span<byte> target)
    {
        int width = target.Length / 4, flip = transform ? 0 : 255;
        var rgb = new byte[width * 3];
        ThreeComponents(rows, y, transform, rgb);
        var k = rows[3].Row(y);
        for (int x = 0; x < width; x++)
        {
            target[4 * x] = (byte)(rgb[3 * x] ^ flip);
            target[4 * x + 1] = (byte)(rgb[3 * x + 1] ^ flip);
            target[4 * x + 2] = (byte)(rgb[3 * x + 2] ^ flip);
            target[4 * x + 3] = (byte)(255 - k[x]);
        }
    }

    private static void Interleave(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, Span<byte> target)
    {
        for (int x = 0, o = 0; o < target.Length; x++, o += 3)
            (target[o], target[o + 1], target[o + 2]) = (a[x], b[x], c[x]);
    }

    private static void YCbCrToRgb(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> red, Span<byte> target)
    {
        const int half = 1 << 15;
        int i = 0, count = target.Length / 3;
        for (; i <= count - RgbLanes.Count; i += RgbLanes.Count)
        {
            var y = RgbLanes.Load(luma[i..]);
            var cb = RgbLanes.Load(blue[i..]) - Vector256.Create(128);
            var cr = RgbLanes.Load(red[i..]) - Vector256.Create(128);
            var r = y + ((cr * 91881 + Vector256.Create(half)) >> 16);
            var g = y + ((Vector256.Create(half) - cb * 22554 - cr * 46802) >> 16);
            var b = y + ((cb * 116130 + Vector256.Create(half)) >> 16);
            RgbLanes.Store(r, g, b, target[(3 * i)..]);
        }
        for (int o = 3 * i; o < target.Length; i++, o += 3)
        {
            int y = luma[i], cb = blue[i] - 128, cr = red[i] - 128;
            target[o] = Clamp(y + ((91881 * cr + half) >> 16));                     // 1.40200
            target[o + 1] = Clamp(y + ((-22554 * cb - 46802 * cr + half) >> 16));   // 0.34414, 0.71414
            target[o + 2] = Clamp(y + ((116130 * cb + half) >> 16));                // 1.77200
        }
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
