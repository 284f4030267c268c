using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExecuSharp.Imaging.Jpeg;

/// <summary>
/// The accurate integer inverse DCT of 8x8 blocks after Loeffler, Ligtenberg and Moschytz, in the fixed-point arithmetic of libjpeg's "islow"
/// method: 13-bit constants, 2 extra bits between the passes, each pass rounded once.
/// </summary>
internal static class InverseDct
{
    private const int ConstantBits = 13;
    private const int PassBits = 2;

    /// <summary>Transforms all blocks of a component into its samples.</summary>
    public static void Transform(JpegComponent c)
    {
        var table = new int[64];
        for (int i = 0; i < 64; i++)
            table[i] = c.Table![i];
        var samples = new byte[c.Stride * c.BlocksHigh * 8];
        for (int y = 0; y < c.BlocksHigh; y++)
        {
            for (int x = 0; x < c.BlocksWide; x++)
            {
                var block = c.Coefficients.AsSpan((y * c.BlocksWide + x) * 64, 64);
                Block(block, table, samples.AsSpan(y * 8 * c.Stride + x * 8), c.Stride);
            }
        }
        c.Samples = samples;
        c.Coefficients = [];
    }

    /// <summary>Dequantizes and transforms one block; lanes are columns in the first pass, rows in the second.</summary>
    public static void Block(ReadOnlySpan<short> block, ReadOnlySpan<int> table, Span<byte> target, int stride)
    {
        if (!block[1..].ContainsAnyExcept((short)0))
        {
            // Only DC: both passes shift it up by 2 and down by 5 with one rounding.
            int value = Math.Clamp(((block[0] * table[0] + 4) >> 3) + 128, 0, 255);
            for (int y = 0; y < 8; y++)
                target.Slice(y * stride, 8).Fill((byte)value);
            return;
        }
        Rows rows = default;
        for (int y = 0; y < 8; y++)
            rows[y] = Vector256.WidenLower(Vector256.Create(Vector128.Create(block.Slice(y * 8, 8)), default)) * Vector256.Create(table.Slice(y * 8, 8));
        Pass(ref rows, ConstantBits - PassBits);
        Transpose(ref rows);
        Pass(ref rows, ConstantBits + PassBits + 3);
        Transpose(ref rows);
        var centre = Vector256.Create(128);
        for (int y = 0; y < 8; y++)
        {
            var clamped = Vector256.Min(Vector256.Max(rows[y] + centre, Vector256<int>.Zero), Vector256.Create(255)).AsUInt32();
            var narrow = Vector128.Narrow(clamped.GetLower(), clamped.GetUpper());
            Vector128.Narrow(narrow, narrow).GetLower().CopyTo(target.Slice(y * stride, 8));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(ref Rows r, int shift)
    {
        // Even part: rotation of 2 and 6, butterfly of 0 and 4.
        var z1 = (r[2] + r[6]) * 4433;                      // 0.541196100
        var t2 = z1 - r[6] * 15137;                         // 1.847759065
        var t3 = z1 + r[2] * 6270;                          // 0.765366865
        var t0 = (r[0] + r[4]) << ConstantBits;
        var t1 = (r[0] - r[4]) << ConstantBits;
        var (e0, e1, e2, e3) = (t0 + t3, t1 + t2, t1 - t2, t0 - t3);

        // Odd part.
        var (o0, o1, o2, o3) = (r[7], r[5], r[3], r[1]);
        var z5 = (o0 + o2 + o1 + o3) * 9633;                // 1.175875602
        var za = (o0 + o3) * -7373;                         // 0.899976223
        var zb = (o1 + o2) * -20995;                        // 2.562915447
        var zc = (o0 + o2) * -16069 + z5;                   // 1.961570560
        var zd = (o1 + o3) * -3196 + z5;                    // 0.390180644
        o0 = o0 * 2446 + za + zc;                           // 0.298631336
        o1 = o1 * 16819 + zb + zd;                          // 2.053119869
        o2 = o2 * 25172 + zb + zc;                          // 3.072711026
        o3 = o3 * 12299 + za + zd;                          // 1.501321110

        var half = Vector256.Create(1 << (shift - 1));
        (e0, e1, e2, e3) = (e0 + half, e1 + half, e2 + half, e3 + half);
        r[0] = (e0 + o3) >> shift;
        r[7] = (e0 - o3) >> shift;
        r[1] = (e1 + o2) >> shift;
        r[6] = (e1 - o2) >> shift;
        r[2] = (e2 + o1) >> shift;
        r[5] = (e2 - o1) >> shift;
        r[3] = (e3 + o0) >> shift;
        r[4] = (e3 - o0) >> shift;
    }

    private static void Transpose(ref Rows r)
    {
        if (!Avx2.IsSupported)
        {
            var flat = MemoryMarshal.Cast<Vector256<int>, int>((Span<Vector256<int>>)r);
            for (int y = 0; y < 8; y++)
            {
                for (int x = 0; x < y; x++)
                    (flat[y * 8 + x], flat[x * 8 + y]) = (flat[x * 8 + y], flat[y * 8 + x]);
            }
            return;
        }
        // Pairs of rows, then pairs of pairs inside 128-bit halves, then the halves.
        var (a0, a1) = (Avx2.UnpackLow(r[0], r[1]).AsInt64(), Avx2.UnpackHigh(r[0], r[1]).AsInt64());
        var (b0, b1) = (Avx2.UnpackLow(r[2], r[3]).AsInt64(), Avx2.UnpackHigh(r[2], r[3]).AsInt64());
        var (c0, c1) = (Avx2.UnpackLow(r[4], r[5]).AsInt64(), Avx2.UnpackHigh(r[4], r[5]).AsInt64());
        var (d0, d1) = (Avx2.UnpackLow(r[6], r[7]).AsInt64(), Avx2.UnpackHigh(r[6], r[7]).AsInt64());
        Join(ref r, 0, Avx2.UnpackLow(a0, b0), Avx2.UnpackLow(c0, d0));
        Join(ref r, 1, Avx2.UnpackHigh(a0, b0), Avx2.UnpackHigh(c0, d0));
        Join(ref r, 2, Avx2.UnpackLow(a1, b1), Avx2.UnpackLow(c1, d1));
        Join(ref r, 3, Avx2.UnpackHigh(a1, b1), Avx2.UnpackHigh(c1, d1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(ref Rows r, int row, Vector256<long> top, Vector256<long> bottom)
    {
        r[row] = Avx2.Permute2x128(top, bottom, 0x20).AsInt32();
        r[row + 4] = Avx2.Permute2x128(top, bottom, 0x31).AsInt32();
    }

    [InlineArray(8)]
    private struct Rows
    {
        private Vector256<int> first;
    }
}
