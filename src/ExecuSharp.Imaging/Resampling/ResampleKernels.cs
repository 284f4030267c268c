using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExecuSharp.Imaging.Resampling;

/// <summary>The two passes in 32-bit integers: start at one half, add weight times sample, drop 22 bits, clip to a byte.</summary>
internal static class ResampleKernels
{
    private const int Half = 1 << (ResampleWeights.FractionBits - 1);

    /// <summary>One row of 1 to 4 interleaved channels.</summary>
    public static void Horizontal(ReadOnlySpan<byte> source, int channels, ResampleWeights weights, Span<byte> target)
    {
        int outputs = target.Length / channels, o = 0;
        if (channels is 3 or 4 && Vector128.IsHardwareAccelerated)
        {
            // A pixel is loaded as four bytes; the row's last pixels go the scalar way if that would read beyond the end.
            for (; o < outputs && (weights.Start(o) + weights.Taps(o).Length - 1) * channels + 4 <= source.Length; o++)
                Store(Pixel(source, channels, weights.Start(o), weights.Taps(o)), target.Slice(o * channels, channels));
        }
        for (; o < outputs; o++)
        {
            var taps = weights.Taps(o);
            for (int c = 0; c < channels; c++)
            {
                int sum = Half, at = weights.Start(o) * channels + c;
                foreach (int weight in taps)
                {
                    sum += weight * source[at];
                    at += channels;
                }
                target[o * channels + c] = Clip(sum);
            }
        }
    }

    /// <summary>One row as the weighted sum of rows that are <paramref name="stride"/> bytes apart.</summary>
    public static void Vertical(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> taps, Span<byte> target)
    {
        int x = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            // 32 columns at a time in four sums of eight 32-bit lanes
            for (; x <= stride - 32; x += 32)
                Columns(source[x..], stride, taps, target.Slice(x, 32));
        }
        for (; x < stride; x++)
        {
            int sum = Half, at = x;
            foreach (int weight in taps)
            {
                sum += weight * source[at];
                at += stride;
            }
            target[x] = Clip(sum);
        }
    }

    /// <summary>One row of block means of <paramref name="rows"/> source rows: half of the count is added, then multiplied by floor(2^24 / count), all in 32 bits.</summary>
    public static void Average(ReadOnlySpan<byte> source, int channels, int rows, int factor, Span<byte> target)
    {
        int stride = source.Length / rows;
        for (int o = 0; o < target.Length; o++)
        {
            int first = o / channels * factor * channels + o % channels, columns = Math.Min(factor, (stride - first + channels - 1) / channels);
            uint sum = (uint)(columns * rows / 2), multiplier = (uint)((1L << 24) / (columns * rows));
            for (int y = 0; y < rows; y++)
            {
                for (int x = 0; x < columns; x++)
                    sum += source[y * stride + first + x * channels];
            }
            target[o] = (byte)(unchecked(sum * multiplier) >> 24);
        }
    }

    private static Vector128<int> Pixel(ReadOnlySpan<byte> source, int channels, int start, ReadOnlySpan<int> taps)
    {
        _ = source.Slice(start * channels, (taps.Length - 1) * channels + 4);
        ref byte at = ref Unsafe.Add(ref MemoryMarshal.GetReference(source), start * channels);
        var sum = Vector128.Create(Half);
        foreach (int weight in taps)
        {
            var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref at)).AsByte();
            sum += Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32() * weight;
            at = ref Unsafe.Add(ref at, channels);
        }
        return sum;
    }

    private static void Columns(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> taps, Span<byte> target)
    {
        var (s0, s1, s2, s3) = (Vector256.Create(Half), Vector256.Create(Half), Vector256.Create(Half), Vector256.Create(Half));
        for (int i = 0; i < taps.Length; i++)
        {
            var weight = Vector256.Create(taps[i]);
            var (low, high) = Vector256.Widen(Vector256.Create(source.Slice(i * stride, 32)));
            s0 += Vector256.WidenLower(low).AsInt32() * weight;
            s1 += Vector256.WidenUpper(low).AsInt32() * weight;
            s2 += Vector256.WidenLower(high).AsInt32() * weight;
            s3 += Vector256.WidenUpper(high).AsInt32() * weight;
        }
        var (a, b) = (Vector256.Narrow(Clip(s0), Clip(s1)), Vector256.Narrow(Clip(s2), Clip(s3)));
        Vector256.Narrow(a, b).CopyTo(target);
    }

    private static Vector256<uint> Clip(Vector256<int> sum) =>
        Vector256.Min(Vector256.Max(sum >> ResampleWeights.FractionBits, Vector256<int>.Zero), Vector256.Create(255)).AsUInt32();

    private static void Store(Vector128<int> sum, Span<byte> target)
    {
        var clipped = Vector128.Min(Vector128.Max(sum >> ResampleWeights.FractionBits, Vector128<int>.Zero), Vector128.Create(255)).AsUInt32();
        var narrow = Vector128.Narrow(clipped, clipped);
        uint pixel = Vector128.Narrow(narrow, narrow).AsUInt32().ToScalar();
        target[0] = (byte)pixel;
        target[1] = (byte)(pixel >> 8);
        target[2] = (byte)(pixel >> 16);
        if (target.Length == 4)
            target[3] = (byte)(pixel >> 24);
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> ResampleWeights.FractionBits, 0, 255);
}
