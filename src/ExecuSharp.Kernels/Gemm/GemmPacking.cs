using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExecuSharp.Kernels;

/// <summary>Copies a panel of columns into [k, panel width], filled up with zeros.</summary>
internal static class GemmPacking
{
    public static void Panel(ReadOnlySpan<float> b, int ldb, bool transposed, int k0, int k, int j, int columns, int width, Span<float> target)
    {
        if (transposed)
            PanelOfRows(b, ldb, k0, k, j, columns, width, target);
        else
            PanelOfColumns(b, ldb, k0, k, j, columns, width, target);
    }

    private static void PanelOfColumns(ReadOnlySpan<float> b, int ldb, int k0, int k, int j, int columns, int width, Span<float> target)
    {
        for (int i = 0; i < k; i++)
        {
            var row = target.Slice(i * width, width);
            b.Slice(((k0 + i) * ldb) + j, columns).CopyTo(row);
            row[columns..].Clear();
        }
    }

    private static void PanelOfRows(ReadOnlySpan<float> b, int ldb, int k0, int k, int j, int columns, int width, Span<float> target)
    {
        ref float to = ref MemoryMarshal.GetReference(target[..(k * width)]);
        int c = 0;
        for (; c + 4 <= columns; c += 4)
        {
            ref readonly float from = ref MemoryMarshal.GetReference(b.Slice(((j + c) * ldb) + k0, (3 * ldb) + k));
            int i = 0;
            for (; i + 4 <= k; i += 4)
                Transpose4(in from, (nuint)i, (nuint)ldb, ref Unsafe.Add(ref to, (i * width) + c), (nuint)width);
            for (; i < k; i++)
                for (int r = 0; r < 4; r++)
                    Unsafe.Add(ref to, (i * width) + c + r) = Unsafe.Add(ref Unsafe.AsRef(in from), (r * ldb) + i);
        }
        for (; c < columns; c++)
            for (int i = 0; i < k; i++)
                target[(i * width) + c] = b[((j + c) * ldb) + k0 + i];
        if (columns < width)
            for (int i = 0; i < k; i++)
                target[((i * width) + columns)..((i + 1) * width)].Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(ref readonly float from, nuint offset, nuint ldb, ref float to, nuint width)
    {
        var r0 = Vector128.LoadUnsafe(in from, offset);
        var r1 = Vector128.LoadUnsafe(in from, offset + ldb);
        var r2 = Vector128.LoadUnsafe(in from, offset + (2 * ldb));
        var r3 = Vector128.LoadUnsafe(in from, offset + (3 * ldb));
        // t0 = a0 b0 a1 b1, t1 = a2 b2 a3 b3, t2 = c0 d0 c1 d1, t3 = c2 d2 c3 d3
        var t0 = Interleave(r0, r1, low: true);
        var t1 = Interleave(r0, r1, low: false);
        var t2 = Interleave(r2, r3, low: true);
        var t3 = Interleave(r2, r3, low: false);
        Vector128.Create(t0.GetLower(), t2.GetLower()).StoreUnsafe(ref to);
        Vector128.Create(t0.GetUpper(), t2.GetUpper()).StoreUnsafe(ref to, width);
        Vector128.Create(t1.GetLower(), t3.GetLower()).StoreUnsafe(ref to, 2 * width);
        Vector128.Create(t1.GetUpper(), t3.GetUpper()).StoreUnsafe(ref to, 3 * width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Interleave(Vector128<float> a, Vector128<float> b, bool low)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
            return low ? System.Runtime.Intrinsics.X86.Sse.UnpackLow(a, b) : System.Runtime.Intrinsics.X86.Sse.UnpackHigh(a, b);
        if (System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported)
            return low ? System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipLow(a, b) : System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipHigh(a, b);
        return low ? Vector128.Create(a[0], b[0], a[1], b[1]) : Vector128.Create(a[2], b[2], a[3], b[3]);
    }
}
