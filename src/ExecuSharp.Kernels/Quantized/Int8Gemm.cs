using System.Runtime.Intrinsics;

namespace ExecuSharp.Kernels.Quantized;

/// <summary>Exact 32-bit sums of products of 8-bit activations and weights.</summary>
public static unsafe class Int8Gemm
{
    /// <summary>c[r, n] = Σ a[r, k] w[k, n] for the columns of some panels.</summary>
    /// <param name="weights">Packed weights.</param>
    /// <param name="group">The part of the sums to compute.</param>
    /// <param name="groupBlocks">Blocks of four in a group; ignored for one group.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="a">Rows packed by <see cref="Int8Rows"/>.</param>
    /// <param name="lda">Bytes from row to row.</param>
    /// <param name="offsets">For each row, <see cref="Int8Rows.Offset"/>.</param>
    /// <param name="panel">First panel.</param>
    /// <param name="panelEnd">End of the panels.</param>
    /// <param name="start">What each column of the matrix begins with, whole panels.</param>
    /// <param name="c">Sums, beginning with the first column of the first panel; whole panels are written.</param>
    /// <param name="ldc">Distance of rows of c.</param>
    public static void Run(PackedInt8Matrix weights, int group, int groupBlocks, int rows, byte* a, int lda, int* offsets, int panel, int panelEnd, int* start, int* c, int ldc)
    {
        int first = group * groupBlocks;
        int blocks = weights.Groups == 1 ? weights.Blocks : Math.Min(groupBlocks, weights.Blocks - first);
        if (weights.Groups == 1)
            first = 0;
        a += (nint)first * (weights.Isa.UsesBytes() ? 4 : 8);
        for (int p = panel; p < panelEnd; p++)
        {
            sbyte* w = weights.Panel(p) + ((nint)first * weights.PanelWidth * 4);
            int* target = c + ((p - panel) * weights.PanelWidth);
            Panel(weights.Isa, blocks, rows, a, lda, w, start + (p * weights.PanelWidth), weights.Sums(group, p), offsets, target, ldc);
        }
    }

    private static void Panel(Int8Isa isa, int blocks, int rows, byte* a, int lda, sbyte* w, int* start, int* sums, int* offsets, int* c, int ldc)
    {
        // Rows by the registers that there are: AVX-VNNI is encoded with sixteen.
        switch (isa)
        {
            case Int8Isa.Vnni256: Rows<Int8DotVnni, Vector256<int>>(6, blocks, rows, a, lda, w, start, sums, offsets, c, ldc); break;
            case Int8Isa.Pairs512: Rows<Int8Dot512, Vector512<int>>(8, blocks, rows, a, lda, w, start, sums, offsets, c, ldc); break;
            case Int8Isa.Pairs256: Rows<Int8Dot256, Vector256<int>>(4, blocks, rows, a, lda, w, start, sums, offsets, c, ldc); break;
            case Int8Isa.Pairs128: Rows<Int8Dot128, Vector128<int>>(4, blocks, rows, a, lda, w, start, sums, offsets, c, ldc); break;
            default: Rows<Int8DotScalar, int>(4, blocks, rows, a, lda, w, start, sums, offsets, c, ldc); break;
        }
    }

    private static void Rows<TDot, V>(int most, int blocks, int rows, byte* a, nint lda, sbyte* w, int* start, int* sums, int* offsets, int* c, nint ldc)
        where TDot : struct, IInt8Dot<V>
        where V : struct
    {
        while (rows > 0)
        {
            int now = Math.Min(rows, most);
            if (now > 6)
                Int8Tile<TDot, V>.Run<Rows8>(blocks, now, a, lda, w, start, sums, offsets, c, ldc);
            else if (now > 4)
                Int8Tile<TDot, V>.Run<Rows6>(blocks, now, a, lda, w, start, sums, offsets, c, ldc);
            else if (now > 2)
                Int8Tile<TDot, V>.Run<Rows4>(blocks, now, a, lda, w, start, sums, offsets, c, ldc);
            else if (now == 2)
                Int8Tile<TDot, V>.Run<Rows2>(blocks, now, a, lda, w, start, sums, offsets, c, ldc);
            else
                Int8Tile<TDot, V>.Run<Rows1>(blocks, now, a, lda, w, start, sums, offsets, c, ldc);
            rows -= now;
            a += now * lda;
            offsets += now;
            c += now * ldc;
        }
    }
}
