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
        ref float a1 = ref a;
        ref float c1 = ref c;
        if (TRows.Count > 1 && rows > 1)
        {
            a1 = ref Unsafe.Add(ref a, 1 * lda);
            c1 = ref Unsafe.Add(ref c, 1 * ldc);
        }
        ref float a2 = ref a1;
        ref float c2 = ref c1;
        if (TRows.Count > 2 && rows > 2)
        {
            a2 = ref Unsafe.Add(ref a, 2 * lda);
            c2 = ref Unsafe.Add(ref c, 2 * ldc);
        }
        ref float a3 = ref a2;
        ref float c3 = ref c2;
        if (TRows.Count > 3 && rows > 3)
        {
            a3 = ref Unsafe.Add(ref a, 3 * lda);
            c3 = ref Unsafe.Add(ref c, 3 * ldc);
        }
        ref float a4 = ref a3;
        ref float c4 = ref c3;
        if (TRows.Count > 4 && rows > 4)
        {
            a4 = ref Unsafe.Add(ref a, 4 * lda);
            c4 = ref Unsafe.Add(ref c, 4 * ldc);
        }
        ref float a5 = ref a4;
        ref float c5 = ref c4;
        if (TRows.Count > 5 && rows > 5)
        {
            a5 = ref Unsafe.Add(ref a, 5 * lda);
            c5 = ref Unsafe.Add(ref c, 5 * ldc);
        }
        ref float a6 = ref a5;
        ref float c6 = ref c5;
        if (TRows.Count > 6 && rows > 6)
        {
            a6 = ref Unsafe.Add(ref a, 6 * lda);
            c6 = ref Unsafe.Add(ref c, 6 * ldc);
        }
        ref float a7 = ref a6;
        ref float c7 = ref c6;
        if (TRows.Count > 7 && rows > 7)
        {
            a7 = ref Unsafe.Add(ref a, 7 * lda);
            c7 = ref Unsafe.Add(ref c, 7 * ldc);
        }
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
            s00 = TSimd.Min(high, TSimd.Max(low, s00));
            s01 = TSimd.Min(high, TSimd.Max(low, s01));
            if (TRows.Count > 1)
            {
                s10 = TSimd.Min(high, TSimd.Max(low, s10));
                s11 = TSimd.Min(high, TSimd.Max(low, s11));
            }
            if (TRows.Count > 2)
            {
                s20 = TSimd.Min(high, TSimd.Max(low, s20));
                s21 = TSimd.Min(high, TSimd.Max(low, s21));
            }
            if (TRows.Count > 3)
            {
                s30 = TSimd.Min(high, TSimd.Max(low, s30));
                s31 = TSimd.Min(high, TSimd.Max(low, s31));
            }
            if (TRows.Count > 4)
            {
                s40 = TSimd.Min(high, TSimd.Max(low, s40));
                s41 = TSimd.Min(high, TSimd.Max(low, s41));
            }
            if (TRows.Count > 5)
            {
                s50 = TSimd.Min(high, TSimd.Max(low, s50));
                s51 = TSimd.Min(high, TSimd.Max(low, s51));
            }
            if (TRows.Count > 6)
            {
                s60 = TSimd.Min(high, TSimd.Max(low, s60));
                s61 = TSimd.Min(high, TSimd.Max(low, s61));
            }
            if (TRows.Count > 7)
            {
                s70 = TSimd.Min(high, TSimd.Max(low, s70));
                s71 = TSimd.Min(high, TSimd.Max(low, s71));
            }
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
}
