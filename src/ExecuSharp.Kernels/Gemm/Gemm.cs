using System.Runtime.InteropServices;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Kernels.Threading;

namespace ExecuSharp.Kernels;

/// <summary>The float32 matrix product c[m, n] = epilogue(a[m, k] b[k, n]). Matrices are stored row by row, with any distance between rows.</summary>
public static unsafe class Gemm
{
    private const long ThreadingThreshold = 1 << 18;

    /// <summary>A product with a matrix that is not packed. A sum of length 0 is 0.</summary>
    /// <param name="context">Vector width and threads.</param>
    /// <param name="m">Rows of a and c.</param>
    /// <param name="n">Columns of b and c.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">[m, k].</param>
    /// <param name="lda">Distance of rows of a.</param>
    /// <param name="b">[k, n], or [n, k] if <paramref name="transposedB"/>.</param>
    /// <param name="ldb">Distance of stored rows of b.</param>
    /// <param name="transposedB">b is stored as [n, k].</param>
    /// <param name="c">[m, n]; must not overlap a or b.</param>
    /// <param name="ldc">Distance of rows of c.</param>
    /// <param name="epilogue">Bias, accumulation, clamp.</param>
    /// <exception cref="ArgumentException">A span is shorter than its matrix.</exception>
    public static void Run(KernelContext context, int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, bool transposedB, Span<float> c, int ldc, in GemmEpilogue epilogue = default)
    {
        GemmShape.Check(a.Length, m, k, lda, nameof(a));
        GemmShape.Check(b.Length, transposedB ? n : k, transposedB ? k : n, ldb, nameof(b));
        CheckTarget(m, n, c, ldc, epilogue);
        fixed (float* pa = &MemoryMarshal.GetReference(a), pb = &MemoryMarshal.GetReference(b), pc = &MemoryMarshal.GetReference(c), bias = epilogue.Bias)
        {
            var source = transposedB ? GemmSource.Rows : GemmSource.Columns;
            Start(context, new GemmJob(m, n, k, pa, lda, pb, ldb, source, b.Length, pc, ldc, bias, epilogue));
        }
    }

    /// <summary>A product with a packed matrix.</summary>
    /// <param name="context">Vector width and threads; the width must be that of <paramref name="b"/>.</param>
    /// <param name="m">Rows of a and c.</param>
    /// <param name="a">[m, k].</param>
    /// <param name="lda">Distance of rows of a.</param>
    /// <param name="b">The packed matrix.</param>
    /// <param name="c">[m, n]; must not overlap a.</param>
    /// <param name="ldc">Distance of rows of c.</param>
    /// <param name="epilogue">Bias, accumulation, clamp.</param>
    /// <exception cref="ArgumentException">A span is shorter than its matrix, or the widths differ.</exception>
    public static void Run(KernelContext context, int m, ReadOnlySpan<float> a, int lda, PackedMatrix b, Span<float> c, int ldc, in GemmEpilogue epilogue = default)
    {
        if (b.Width != context.Width)
            throw new ArgumentException($"the matrix is packed for {b.Width}, the context is {context.Width}", nameof(b));
        GemmShape.Check(a.Length, m, b.K, lda, nameof(a));
        CheckTarget(m, b.N, c, ldc, epilogue);
        fixed (float* pa = &MemoryMarshal.GetReference(a), pb = b.Data, pc = &MemoryMarshal.GetReference(c), bias = epilogue.Bias)
            Start(context, new GemmJob(m, b.N, b.K, pa, lda, pb, b.PanelWidth, GemmSource.Packed, b.Data.Length, pc, ldc, bias, epilogue));
    }

    private static void CheckTarget(int m, int n, Span<float> c, int ldc, in GemmEpilogue epilogue)
    {
        GemmShape.Check(c.Length, m, n, ldc, nameof(c));
        if (!epilogue.Bias.IsEmpty && epilogue.Bias.Length != n)
            throw new ArgumentException($"a bias of {epilogue.Bias.Length} for {n} columns", nameof(epilogue));
    }

    private static void Start(KernelContext context, in GemmJob job)
    {
        if (job.M == 0 || job.N == 0)
            return;
        int width = PackedMatrix.PanelWidthOf(context.Width);
        int panels = (job.N + width - 1) / width;
        if (context.Pool.Threads == 1 || (long)job.M * job.N * Math.Max(job.K, 1) < ThreadingThreshold)
            Block(context.Width, job, 0, job.M, 0, panels);
        else
            Threaded(context, job, panels);
    }

    private static void Threaded(KernelContext context, in GemmJob job, int panels)
    {
        int threads = context.Pool.Threads;
        if (panels >= 2 * threads || panels >= job.M / 8)
        {
            int parts = Math.Min(panels, threads * 4);
            context.Pool.Run(parts, new PanelParts(context.Width, job, panels, parts));
        }
        else
        {
            int tiles = (job.M + 7) / 8;
            int parts = Math.Min(tiles, threads * (job.Source == GemmSource.Packed ? 4 : 1));
            context.Pool.Run(parts, new TileParts(context.Width, job, panels, tiles, parts));
        }
    }

    private static int Split(int count, int parts, int part) => (int)((long)count * part / parts);

    private static void Block(SimdWidth width, in GemmJob job, int row, int rowEnd, int panel, int panelEnd)
    {
        switch (width)
        {
            case SimdWidth.Bits512:
                GemmBlock<Simd512, System.Runtime.Intrinsics.Vector512<float>>.Run(job, row, rowEnd, panel, panelEnd);
                break;
            case SimdWidth.Bits256:
                GemmBlock<Simd256, System.Runtime.Intrinsics.Vector256<float>>.Run(job, row, rowEnd, panel, panelEnd);
                break;
            case SimdWidth.Bits128:
                GemmBlock<Simd128, System.Runtime.Intrinsics.Vector128<float>>.Run(job, row, rowEnd, panel, panelEnd);
                break;
            default:
                GemmBlock<SimdScalar, float>.Run(job, row, rowEnd, panel, panelEnd);
                break;
        }
    }

    private readonly struct PanelParts(SimdWidth width, GemmJob job, int panels, int parts) : IParallelJob
    {
        public void Run(int part) => Block(width, job, 0, job.M, Split(panels, parts, part), Split(panels, parts, part + 1));
    }

    private readonly struct TileParts(SimdWidth width, GemmJob job, int panels, int tiles, int parts) : IParallelJob
    {
        public void Run(int part) => Block(width, job, Split(tiles, parts, part) * 8, Math.Min(job.M, Split(tiles, parts, part + 1) * 8), 0, panels);
    }
}
