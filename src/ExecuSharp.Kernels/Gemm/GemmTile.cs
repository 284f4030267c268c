using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels;

/// <summary>
/// The inner loop of the float32 product: a tile of TRows rows and two vectors of columns. Accumulators are named locals, so that they stay in
/// registers; rows beyond TRows are removed by the JIT.
/// </summary>
internal static class GemmTile
{
    /// <summary>c = start + a b, then clamped if asked.</summary>
    /// <param name="k">Length of the sums.</param>
    /// <param name="rows">Rows that exist, 1 to TRows.Count; the others repeat the last.</param>
    /// <param name="a">First element of the first row.</param>
    /// <param name="lda">Distance of rows of a.</param>
    /// <param name="b">k times two vectors.</param>
    /// <param name="ldb">Distance of rows of b.</param>
    /// <param name="c">Target, two vectors wide.</param>
    /// <param name="ldc">Distance of rows of c.</param>
    /// <param name="bias">Two vectors to begin with.</param>
    /// <param name="mode">How to begin and end.</param>
    /// <param name="min">Lower bound.</param>
    /// <param name="max">Upper bound.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, V, TRows>(nint k, nint rows, ref float a, nint lda, ref float b, nint ldb, ref float c, nint ldc, ref float bias, TileMode mode, float min, float max)
        where TSimd : struct, ISimd<V>
        where V : struct
        where TRows : struct, ITileRows
    {
        nuint next = (nuint)TSimd.Count;
        ref float a1 = ref Row<TRows>(ref a, ref a, 1, rows, lda);
        ref float c1 = ref Row<TRows>(ref c, ref c, 1, rows, ldc);
        ref float a2 = ref Row<TRows>(ref a, ref a1, 2, rows, lda);
        ref float c2 = ref Row<TRows>(ref c, ref c1, 2, rows, ldc);
        ref float a3 = ref Row<TRows>(ref a, ref a2, 3, rows, lda);
        ref float c3 = ref Row<TRows>(ref c, ref c2, 3, rows, ldc);
        ref float a4 = ref Row<TRows>(ref a, ref a3, 4, rows, lda);
        ref float c4 = ref Row<TRows>(ref c, ref c3, 4, rows, ldc);
        ref float a5 = ref Row<TRows>(ref a, ref a4, 5, rows, lda);
        ref float c5 = ref Row<TRows>(ref c, ref c4, 5, rows, ldc);
        ref float a6 = ref Row<TRows>(ref a, ref a5, 6, rows, lda);
        ref float c6 = ref Row<TRows>(ref c, ref c5, 6, rows, ldc);
        ref float a7 = ref Row<TRows>(ref a, ref a6, 7, rows, lda);
        ref float c7 = ref Row<TRows>(ref c, ref c6, 7, rows, ldc);
        V zero = TSimd.Broadcast(0);
        V s00 = zero, s01 = zero;
        V s10 = zero, s11 = zero;
        V s20 = zero, s21 = zero;
        V s30 = zero, s31 = zero;
        V s40 = zero, s41 = zero;
        V s50 = zero, s51 = zero;
        V s60 = zero, s61 = zero;
        V s70 = zero, s71 = zero;
        if ((mode & TileMode.FromTarget) != 0)
        {
            s00 = TSimd.Load(ref c, 0);
            s01 = TSimd.Load(ref c, next);
            if (TRows.Count > 1)
            {
                s10 = TSimd.Load(ref c1, 0);
                s11 = TSimd.Load(ref c1, next);
            }
            if (TRows.Count > 2)
            {
                s20 = TSimd.Load(ref c2, 0);
                s21 = TSimd.Load(ref c2, next);
            }
            if (TRows.Count > 3)
            {
                s30 = TSimd.Load(ref c3, 0);
                s31 = TSimd.Load(ref c3, next);
            }
            if (TRows.Count > 4)
            {
                s40 = TSimd.Load(ref c4, 0);
                s41 = TSimd.Load(ref c4, next);
            }
            if (TRows.Count > 5)
            {
                s50 = TSimd.Load(ref c5, 0);
                s51 = TSimd.Load(ref c5, next);
            }
            if (TRows.Count > 6)
            {
                s60 = TSimd.Load(ref c6, 0);
                s61 = TSimd.Load(ref c6, next);
            }
            if (TRows.Count > 7)
            {
                s70 = TSimd.Load(ref c7, 0);
                s71 = TSimd.Load(ref c7, next);
            }
        }
        else if ((mode & TileMode.FromBias) != 0)
        {
            s00 = TSimd.Load(ref bias, 0);
            s01 = TSimd.Load(ref bias, next);
            s10 = s00;
            s11 = s01;
            s20 = s00;
            s21 = s01;
            s30 = s00;
            s31 = s01;
            s40 = s00;
            s41 = s01;
            s50 = s00;
            s51 = s01;
            s60 = s00;
            s61 = s01;
            s70 = s00;
            s71 = s01;
        }
        for (nint i = 0; i < k; i++)
        {
            V b0 = TSimd.Load(ref b, 0), b1 = TSimd.Load(ref b, next);
            b = ref Unsafe.Add(ref b, ldb);
            V x = TSimd.Broadcast(Unsafe.Add(ref a, i));
            s00 = TSimd.Fma(x, b0, s00);
            s01 = TSimd.Fma(x, b1, s01);
            if (TRows.Count > 1)
            {
                x = TSimd.Broadcast(Unsafe.Add(ref a1, i));
                s10 = TSimd.Fma(x, b0, s10);
                s11 = TSimd.Fma(x, b1, s11);
            }
            if (TRows.Count > 2)
            {
                x = TSimd.Broadcast(Unsafe.Add(ref a2, i));
                s20 = TSimd.Fma(x, b0, s20);
                s21 = TSimd.Fma(x, b1, s21);
            }
            if (TRows.Count > 3)
            {
                x = TSimd.Broadcast(Unsafe.Add(ref a3, i));
                s30 = TSimd.Fma(x, b0, s30);
                s31 = TSimd.Fma(x, b1, s31);
            }
            if (TRows.Count > 4)
            {
                x = TSimd.Broadcast(Unsafe.Add(ref a4, i));
                s40 = TSimd.Fma(x, b0, s40);
                s41 = TSimd.Fma(x, b1, s41);
            }
            if (TRows.Count > 5)
            {
                x = TSimd.Broadcast(Unsafe.Add(ref a5, i));
                s50 = TSimd.Fma(x, b0, s50);
                s51 = TSimd.Fma(x, b1, s51);
            }
            if (TRows.Count > 6)
            {
                x = TSimd.Broadcast(Unsafe.Add(ref a6, i));
                s60 = TSimd.Fma(x, b0, s60);
                s61 = TSimd.Fma(x, b1, s61);
            }
            if (TRows.Count > 7)
            {
                x = TSimd.Broadcast(Unsafe.Add(ref a7, i));
                s70 = TSimd.Fma(x, b0, s70);
                s71 = TSimd.Fma(x, b1, s71);
            }
        }
        if ((mode & TileMode.Clamp) != 0)
        {
            V low = TSimd.Broadcast(min), high = TSimd.Broadcast(max);
            (s00, s01) = (Bound<TSimd, V>(s00, low, high), Bound<TSimd, V>(s01, low, high));
            if (TRows.Count > 1)
                (s10, s11) = (Bound<TSimd, V>(s10, low, high), Bound<TSimd, V>(s11, low, high));
            if (TRows.Count > 2)
                (s20, s21) = (Bound<TSimd, V>(s20, low, high), Bound<TSimd, V>(s21, low, high));
            if (TRows.Count > 3)
                (s30, s31) = (Bound<TSimd, V>(s30, low, high), Bound<TSimd, V>(s31, low, high));
            if (TRows.Count > 4)
                (s40, s41) = (Bound<TSimd, V>(s40, low, high), Bound<TSimd, V>(s41, low, high));
            if (TRows.Count > 5)
                (s50, s51) = (Bound<TSimd, V>(s50, low, high), Bound<TSimd, V>(s51, low, high));
            if (TRows.Count > 6)
                (s60, s61) = (Bound<TSimd, V>(s60, low, high), Bound<TSimd, V>(s61, low, high));
            if (TRows.Count > 7)
                (s70, s71) = (Bound<TSimd, V>(s70, low, high), Bound<TSimd, V>(s71, low, high));
        }
        TSimd.Store(s00, ref c, 0);
        TSimd.Store(s01, ref c, next);
        if (TRows.Count > 1)
        {
            TSimd.Store(s10, ref c1, 0);
            TSimd.Store(s11, ref c1, next);
        }
        if (TRows.Count > 2)
        {
            TSimd.Store(s20, ref c2, 0);
            TSimd.Store(s21, ref c2, next);
        }
        if (TRows.Count > 3)
        {
            TSimd.Store(s30, ref c3, 0);
            TSimd.Store(s31, ref c3, next);
        }
        if (TRows.Count > 4)
        {
            TSimd.Store(s40, ref c4, 0);
            TSimd.Store(s41, ref c4, next);
        }
        if (TRows.Count > 5)
        {
            TSimd.Store(s50, ref c5, 0);
            TSimd.Store(s51, ref c5, next);
        }
        if (TRows.Count > 6)
        {
            TSimd.Store(s60, ref c6, 0);
            TSimd.Store(s61, ref c6, next);
        }
        if (TRows.Count > 7)
        {
            TSimd.Store(s70, ref c7, 0);
            TSimd.Store(s71, ref c7, next);
        }
    }
    /// <summary>A row, or the one before it where there are fewer rows than the tile has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float Row<TRows>(ref float first, ref float before, nint row, nint rows, nint stride) where TRows : struct, ITileRows
    {
        if (TRows.Count > row && rows > row)
            return ref Unsafe.Add(ref first, row * stride);
        return ref before;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Bound<TSimd, V>(V x, V low, V high) where TSimd : struct, ISimd<V> where V : struct => TSimd.Min(high, TSimd.Max(low, x));
}
