using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExecuSharp.Imaging.Video;

/// <summary>
/// Turns luma and chroma into RGB: the matrix of the standard in 16-bit fixed point, rounded to nearest. Equal to ffmpeg's accurate conversion
/// (<c>accurate_rnd+full_chroma_int</c>) up to one level.
/// </summary>
public static class YuvConverter
{
    // Chroma is interpolated in eighths: quarters across, halves down.
    private const int ChromaBits = 3;
    private const int MatrixBits = 16;

    /// <summary>Converts a frame to a new RGB picture.</summary>
    public static Image ToRgb(YuvFrame frame, YuvMatrix matrix = YuvMatrix.Bt601, YuvRange range = YuvRange.Limited, ChromaUpsampling chroma = ChromaUpsampling.Nearest)
    {
        var image = new Image(frame.Width, frame.Height, PixelFormat.Rgb);
        ToRgb(frame, matrix, range, chroma, image.Pixels);
        return image;
    }

    /// <summary>Converts a frame into <paramref name="target"/>, H·W·3 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="target"/> has another length.</exception>
    public static void ToRgb(YuvFrame frame, YuvMatrix matrix, YuvRange range, ChromaUpsampling chroma, Span<byte> target)
    {
        int width = frame.Width, stride = width * 3;
        if (target.Length != (long)stride * frame.Height)
            throw new ArgumentException($"{target.Length} bytes for {frame.Width}x{frame.Height} RGB", nameof(target));
        var coefficients = new Coefficients(matrix, range);
        var blue = new int[width];
        var red = new int[width];
        var mixed = new int[Math.Max(frame.ChromaWidth, 1)];
        for (int y = 0; y < frame.Height; y++)
        {
            if (frame.Layout != YuvLayout.Gray)
            {
                ChromaRow(frame, y, 0, chroma, mixed, blue);
                ChromaRow(frame, y, 1, chroma, mixed, red);
            }
            Row(frame.Data.Span.Slice(y * width, width), blue, red, coefficients, target.Slice(y * stride, stride));
        }
    }

    // One row of a chroma plane at full width, minus 128, in eighths.
    private static void ChromaRow(YuvFrame frame, int y, int plane, ChromaUpsampling chroma, int[] mixed, int[] target)
    {
        int wide = frame.ChromaWidth, high = frame.ChromaHeight;
        bool halfHeight = high != frame.Height, halfWidth = wide != frame.Width, linear = chroma == ChromaUpsampling.Bilinear;
        int near = halfHeight ? y / 2 : y, far = near;
        if (halfHeight && linear)
        {
            if (y == frame.Height - 1 || y % 2 == 0)
                far = Math.Max(near - 1, 0);
        }
        bool interleaved = frame.Layout is YuvLayout.Nv12 or YuvLayout.Nv21;
        int step = interleaved ? 2 : 1, second = frame.Layout == YuvLayout.Nv21 ? 1 - plane : plane;
        var data = frame.Data.Span[(frame.Width * frame.Height + (interleaved ? second : plane * wide * high))..];
        ReadOnlySpan<byte> nearRow = data[(near * wide * step)..], farRow = data[(far * wide * step)..];
        for (int x = 0; x < wide; x++)
            mixed[x] = 4 * (nearRow[x * step] + farRow[x * step] - 256);
        if (!halfWidth)
            mixed.AsSpan(0, wide).CopyTo(target);
        else if (linear)
            WidenLinear(mixed.AsSpan(0, wide), target);
        else
            WidenNearest(mixed.AsSpan(0, wide), target);
    }

    private static void WidenNearest(ReadOnlySpan<int> source, Span<int> target)
    {
        for (int x = 0; x < target.Length / 2; x++)
            target[2 * x] = target[2 * x + 1] = source[x];
        target[^1] = source[^1];
    }

    private static void WidenLinear(ReadOnlySpan<int> source, Span<int> target)
    {
        for (int x = 0; x < target.Length; x++)
        {
            int centre = x / 2, side = (x & 1) == 0 ? Math.Max(centre - 1, 0) : Math.Min(centre + 1, source.Length - 1);
            target[x] = (3 * source[centre] + source[side]) >> 2;
        }
    }

    private static void Row(ReadOnlySpan<byte> luma, ReadOnlySpan<int> blue, ReadOnlySpan<int> red, in Coefficients k, Span<byte> target)
    {
        const int half = 1 << (MatrixBits - 1);
        int x = 0;
        for (; x <= luma.Length - RgbLanes.Count; x += RgbLanes.Count)
        {
            var y = (RgbLanes.Load(luma[x..]) - Vector256.Create(k.Black)) * k.Luma + Vector256.Create(half);
            Vector256<int> u = Vector256.Create(blue[x..]), v = Vector256.Create(red[x..]);
            var r = (y + ((v * k.RedRed) >> ChromaBits)) >> MatrixBits;
            var g = (y - ((u * k.GreenBlue + v * k.GreenRed) >> ChromaBits)) >> MatrixBits;
            var b = (y + ((u * k.BlueBlue) >> ChromaBits)) >> MatrixBits;
            RgbLanes.Store(r, g, b, target[(3 * x)..]);
        }
        for (int o = 3 * x; x < luma.Length; x++, o += 3)
        {
            int y = k.Luma * (luma[x] - k.Black) + half, u = blue[x], v = red[x];
            target[o] = Clamp(y + ((k.RedRed * v) >> ChromaBits));
            target[o + 1] = Clamp(y - ((k.GreenBlue * u + k.GreenRed * v) >> ChromaBits));
            target[o + 2] = Clamp(y + ((k.BlueBlue * u) >> ChromaBits));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Clamp(int value) => (byte)Math.Clamp(value >> MatrixBits, 0, 255);

    private readonly struct Coefficients
    {
        public readonly int Black, Luma, RedRed, GreenBlue, GreenRed, BlueBlue;

        public Coefficients(YuvMatrix matrix, YuvRange range)
        {
            // Share of red and blue in luma.
            var (kr, kb) = matrix == YuvMatrix.Bt601 ? (0.299, 0.114) : (0.2126, 0.0722);
            double kg = 1 - kr - kb, chroma = range == YuvRange.Limited ? 255.0 / 224 : 1;
            Black = range == YuvRange.Limited ? 16 : 0;
            Luma = Fixed(range == YuvRange.Limited ? 255.0 / 219 : 1);
            RedRed = Fixed(2 * (1 - kr) * chroma);
            BlueBlue = Fixed(2 * (1 - kb) * chroma);
            GreenBlue = Fixed(2 * kb * (1 - kb) / kg * chroma);
            GreenRed = Fixed(2 * kr * (1 - kr) / kg * chroma);
        }

        private static int Fixed(double value) => (int)Math.Round(value * (1 << MatrixBits));
    }
}
