using System.Buffers;
using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels;

/// <summary>A part of a product on one thread: some rows, some panels of columns. Long sums are cut so that a panel stays in the first cache.</summary>
internal static unsafe class GemmBlock<TSimd, V>
    where TSimd : struct, ISimd<V>
    where V : struct
{
    private const int Depth = 384;
    private const int FewRows = 8;
    private static int Width => 2 * TSimd.Count;

    public static void Run(in GemmJob job, int row, int rowEnd, int panel, int panelEnd)
    {
        if (job.Source == GemmSource.Rows && rowEnd - row <= FewRows)
        {
            GemmDot<TSimd, V>.Run(job, row, rowEnd, panel * Width, Math.Min(job.N, panelEnd * Width));
            return;
        }
        bool pack = job.Source != GemmSource.Packed;
        float[]? rented = pack ? ArrayPool<float>.Shared.Rent((Math.Min(job.K, Depth) * Width) + 16) : null;
        fixed (float* scratch = rented)
        {
            float* aligned = (float*)(((nint)scratch + 63) & ~(nint)63);
            int k0 = 0;
            do
            {
                int k = Math.Min(Depth, job.K - k0);
                for (int p = panel; p < panelEnd; p++)
                    Panel(job, row, rowEnd, p, k0, k, aligned);
                k0 += k;
            }
            while (k0 < job.K);
        }
        if (rented is not null)
            ArrayPool<float>.Shared.Return(rented);
    }

    private static void Panel(in GemmJob job, int row, int rowEnd, int panel, int k0, int k, float* scratch)
    {
        int j = panel * Width;
        int columns = Math.Min(Width, job.N - j);
        float* b;
        int ldb = Width;
        if (job.Source == GemmSource.Packed)
            b = job.B + ((nint)j * job.K) + ((nint)k0 * Width);
        else if (job.Source == GemmSource.Columns && rowEnd - row <= FewRows && columns == Width)
        {
            b = job.B + ((nint)k0 * job.Ldb) + j;
            ldb = job.Ldb;
        }
        else
        {
            b = scratch;
            GemmPacking.Panel(job.SpanB, job.Ldb, job.Source == GemmSource.Rows, k0, k, j, columns, Width, new Span<float>(scratch, k * Width));
        }
        var mode = k0 > 0 || job.Accumulate ? TileMode.FromTarget : job.Bias != null ? TileMode.FromBias : TileMode.FromZero;
        if (job.Clamp && k0 + k == job.K)
            mode |= TileMode.Clamp;
        if (columns < Width)
            Edge(job, row, rowEnd, j, columns, k0, k, b, mode);
        else
            Tiles(job, row, rowEnd, k0, k, b, ldb, job.C + ((nint)row * job.Ldc) + j, job.Ldc, job.Bias + j, mode);
    }

    private static void Edge(in GemmJob job, int row, int rowEnd, int j, int columns, int k0, int k, float* b, TileMode mode)
    {
        const int MostRows = 8;
        float* tile = stackalloc float[MostRows * Width];
        float* bias = stackalloc float[Width];
        if ((mode & TileMode.FromBias) != 0)
            new ReadOnlySpan<float>(job.Bias + j, columns).CopyTo(new Span<float>(bias, Width));
        for (int i = row; i < rowEnd; i += MostRows)
        {
            int rows = Math.Min(MostRows, rowEnd - i);
            if ((mode & TileMode.FromTarget) != 0)
                for (int r = 0; r < rows; r++)
                    new ReadOnlySpan<float>(job.C + ((nint)(i + r) * job.Ldc) + j, columns).CopyTo(new Span<float>(tile + (r * Width), Width));
            Tiles(job, i, i + rows, k0, k, b, Width, tile, Width, bias, mode);
            for (int r = 0; r < rows; r++)
                new ReadOnlySpan<float>(tile + (r * Width), columns).CopyTo(new Span<float>(job.C + ((nint)(i + r) * job.Ldc) + j, columns));
        }
    }

    private static void Tiles(in GemmJob job, int row, int rowEnd, int k0, int k, float* b, int ldb, float* c, int ldc, float* bias, TileMode mode)
    {
        float* a = job.A + ((nint)row * job.Lda) + k0;
        int main = TSimd.Count == 16 ? 8 : 6;
        while (row < rowEnd)
        {
            int rows = Math.Min(main, rowEnd - row);
            Tile(rows, k, a, job.Lda, b, ldb, c, ldc, bias, mode, job.Min, job.Max);
            row += rows;
            a += (nint)rows * job.Lda;
            c += (nint)rows * ldc;
        }
    }

    private static void Tile(int rows, nint k, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, float* bias, TileMode mode, float min, float max)
    {
        ref float ra = ref Unsafe.AsRef<float>(a), rb = ref Unsafe.AsRef<float>(b), rc = ref Unsafe.AsRef<float>(c), rbias = ref Unsafe.AsRef<float>(bias);
        if (rows > 6)
            GemmTile.Run<TSimd, V, Rows8>(k, rows, ref ra, lda, ref rb, ldb, ref rc, ldc, ref rbias, mode, min, max);
        else if (rows > 4)
            GemmTile.Run<TSimd, V, Rows6>(k, rows, ref ra, lda, ref rb, ldb, ref rc, ldc, ref rbias, mode, min, max);
        else if (rows > 2)
            GemmTile.Run<TSimd, V, Rows4>(k, rows, ref ra, lda, ref rb, ldb, ref rc, ldc, ref rbias, mode, min, max);
        else if (rows == 2)
            GemmTile.Run<TSimd, V, Rows2>(k, rows, ref ra, lda, ref rb, ldb, ref rc, ldc, ref rbias, mode, min, max);
        else
            GemmTile.Run<TSimd, V, Rows1>(k, rows, ref ra, lda, ref rb, ldb, ref rc, ldc, ref rbias, mode, min, max);
    }
}
