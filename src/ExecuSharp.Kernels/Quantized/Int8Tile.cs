using System.Runtime.CompilerServices;

namespace ExecuSharp.Kernels.Quantized;

/// <summary>
/// The inner loop of the 8-bit product: a tile of rows and two vectors of columns. Accumulators are named locals, so that they stay in registers;
/// rows beyond TRows are removed by the JIT.
/// </summary>
internal static unsafe class Int8Tile<TDot, V>
    where TDot : struct, IInt8Dot<V>
    where V : struct
{
    /// <summary>Exact 32-bit sums of a tile.</summary>
    /// <param name="blocks">Blocks of four along the sums.</param>
    /// <param name="rows">Rows that exist, 1 to TRows.Count; the others repeat the last.</param>
    /// <param name="a">Activations of the first row.</param>
    /// <param name="lda">Bytes from row to row.</param>
    /// <param name="w">Weights of the panel.</param>
    /// <param name="start">What each column begins with.</param>
    /// <param name="sums">Sums of the columns of the panel.</param>
    /// <param name="offsets">What the sums of columns are multiplied with and taken away, for each row.</param>
    /// <param name="c">Target.</param>
    /// <param name="ldc">Distance of rows of the target.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(nint blocks, nint rows, byte* a, nint lda, sbyte* w, int* start, int* sums, int* offsets, int* c, nint ldc) where TRows : struct, ITileRows
    {
        int block = TDot.Bytes ? 4 : 8;
        int next = TDot.Count;
        byte* a0 = a;
        V s00 = TDot.Start(start, sums, offsets[0]), s01 = TDot.Start(start + next, sums + next, offsets[0]);
        byte* a1 = a0;
        V s10 = s00, s11 = s01;
        if (TRows.Count > 1 && rows > 1)
        {
            a1 = a + (1 * lda);
            s10 = TDot.Start(start, sums, offsets[1]);
            s11 = TDot.Start(start + next, sums + next, offsets[1]);
        }
        byte* a2 = a1;
        V s20 = s00, s21 = s01;
        if (TRows.Count > 2 && rows > 2)
        {
            a2 = a + (2 * lda);
            s20 = TDot.Start(start, sums, offsets[2]);
            s21 = TDot.Start(start + next, sums + next, offsets[2]);
        }
        byte* a3 = a2;
        V s30 = s00, s31 = s01;
        if (TRows.Count > 3 && rows > 3)
        {
            a3 = a + (3 * lda);
            s30 = TDot.Start(start, sums, offsets[3]);
            s31 = TDot.Start(start + next, sums + next, offsets[3]);
        }
        byte* a4 = a3;
        V s40 = s00, s41 = s01;
        if (TRows.Count > 4 && rows > 4)
        {
            a4 = a + (4 * lda);
            s40 = TDot.Start(start, sums, offsets[4]);
            s41 = TDot.Start(start + next, sums + next, offsets[4]);
        }
        byte* a5 = a4;
        V s50 = s00, s51 = s01;
        if (TRows.Count > 5 && rows > 5)
        {
            a5 = a + (5 * lda);
            s50 = TDot.Start(start, sums, offsets[5]);
            s51 = TDot.Start(start + next, sums + next, offsets[5]);
        }
        byte* a6 = a5;
        V s60 = s00, s61 = s01;
        if (TRows.Count > 6 && rows > 6)
        {
            a6 = a + (6 * lda);
            s60 = TDot.Start(start, sums, offsets[6]);
            s61 = TDot.Start(start + next, sums + next, offsets[6]);
        }
        byte* a7 = a6;
        V s70 = s00, s71 = s01;
        if (TRows.Count > 7 && rows > 7)
        {
            a7 = a + (7 * lda);
            s70 = TDot.Start(start, sums, offsets[7]);
            s71 = TDot.Start(start + next, sums + next, offsets[7]);
        }
        nint step = 8 * next;
        for (nint i = 0; i < blocks; i++)
        {
            V w0 = TDot.Load(w), w1 = TDot.Load(w + (4 * next));
            V e0 = TDot.First(w0), e1 = TDot.First(w1), o0 = TDot.Second(w0), o1 = TDot.Second(w1);
            w += step;
            nint at = i * block;
            s00 = TDot.Dot(s00, a0 + at, e0, o0);
            s01 = TDot.Dot(s01, a0 + at, e1, o1);
            if (TRows.Count > 1)
            {
                s10 = TDot.Dot(s10, a1 + at, e0, o0);
                s11 = TDot.Dot(s11, a1 + at, e1, o1);
            }
            if (TRows.Count > 2)
            {
                s20 = TDot.Dot(s20, a2 + at, e0, o0);
                s21 = TDot.Dot(s21, a2 + at, e1, o1);
            }
            if (TRows.Count > 3)
            {
                s30 = TDot.Dot(s30, a3 + at, e0, o0);
                s31 = TDot.Dot(s31, a3 + at, e1, o1);
            }
            if (TRows.Count > 4)
            {
                s40 = TDot.Dot(s40, a4 + at, e0, o0);
                s41 = TDot.Dot(s41, a4 + at, e1, o1);
            }
            if (TRows.Count > 5)
            {
                s50 = TDot.Dot(s50, a5 + at, e0, o0);
                s51 = TDot.Dot(s51, a5 + at, e1, o1);
            }
            if (TRows.Count > 6)
            {
                s60 = TDot.Dot(s60, a6 + at, e0, o0);
                s61 = TDot.Dot(s61, a6 + at, e1, o1);
            }
            if (TRows.Count > 7)
            {
                s70 = TDot.Dot(s70, a7 + at, e0, o0);
                s71 = TDot.Dot(s71, a7 + at, e1, o1);
            }
        }
        TDot.Store(s00, c);
        TDot.Store(s01, c + next);
        if (TRows.Count > 1 && rows > 1)
        {
            TDot.Store(s10, c + (1 * ldc));
            TDot.Store(s11, c + (1 * ldc) + next);
        }
        if (TRows.Count > 2 && rows > 2)
        {
            TDot.Store(s20, c + (2 * ldc));
            TDot.Store(s21, c + (2 * ldc) + next);
        }
        if (TRows.Count > 3 && rows > 3)
        {
            TDot.Store(s30, c + (3 * ldc));
            TDot.Store(s31, c + (3 * ldc) + next);
        }
        if (TRows.Count > 4 && rows > 4)
        {
            TDot.Store(s40, c + (4 * ldc));
            TDot.Store(s41, c + (4 * ldc) + next);
        }
        if (TRows.Count > 5 && rows > 5)
        {
            TDot.Store(s50, c + (5 * ldc));
            TDot.Store(s51, c + (5 * ldc) + next);
        }
        if (TRows.Count > 6 && rows > 6)
        {
            TDot.Store(s60, c + (6 * ldc));
            TDot.Store(s61, c + (6 * ldc) + next);
        }
        if (TRows.Count > 7 && rows > 7)
        {
            TDot.Store(s70, c + (7 * ldc));
            TDot.Store(s71, c + (7 * ldc) + next);
        }
    }
}
