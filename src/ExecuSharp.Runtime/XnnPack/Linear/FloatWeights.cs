using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>The weights of a float product in parts of columns, with bias and bounds.</summary>
internal sealed unsafe class FloatWeights
{
    private const int LeastColumns = 64;
    private readonly PackedMatrix[] parts;
    private readonly float[][] biases;
    private readonly float min;
    private readonly float max;

    /// <summary>Packs weights.</summary>
    /// <param name="context">Vector width.</param>
    /// <param name="rows">[n, k].</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="n">Columns.</param>
    /// <param name="bias">A number for each column, or empty.</param>
    /// <param name="min">Lower bound of results.</param>
    /// <param name="max">Upper bound of results.</param>
    public FloatWeights(KernelContext context, ReadOnlySpan<float> rows, int k, int n, ReadOnlySpan<float> bias, float min, float max)
    {
        (K, N, this.min, this.max) = (k, n, min, max);
        int panel = Math.Max(16, (int)context.Width / 16);
        // Four parts are enough to share among threads; the product itself cuts long sums so that panels stay in the cache.
        PartColumns = (Math.Max(LeastColumns, (n + 3) / 4) + panel - 1) / panel * panel;
        int count = (n + PartColumns - 1) / PartColumns;
        // What fills at most half a panel is computed with half the width.
        var half = new KernelContext(HalfOf(context.Width), context.Pool);
        parts = new PackedMatrix[count];
        biases = new float[count][];
        for (int p = 0; p < count; p++)
        {
            int first = p * PartColumns, columns = Math.Min(PartColumns, n - first);
            parts[p] = PackedMatrix.Pack(columns <= panel / 2 ? half : context, rows.Slice(first * k, columns * k), k, columns, transposed: true);
            biases[p] = bias.IsEmpty ? [] : bias.Slice(first, columns).ToArray();
        }
    }

    /// <summary>The width below, for the widest.</summary>
    public static SimdWidth HalfOf(SimdWidth width) => width == SimdWidth.Bits512 ? SimdWidth.Bits256 : width;

    public int K { get; }

    public int N { get; }

    /// <summary>Columns of a part; the last may have fewer.</summary>
    public int PartColumns { get; }

    public int Parts => parts.Length;

    /// <summary>c[rows, N] = bounded(a[rows, K] weights + bias) for the columns of a part.</summary>
    public void Run(XnnContext context, int part, int rows, float* a, int lda, float* c, int ldc)
    {
        var matrix = parts[part];
        Gemm.Run(
            context.SerialFor(matrix.Width), rows, new ReadOnlySpan<float>(a, ((rows - 1) * lda) + K), lda, matrix,
            new Span<float>(c + (part * PartColumns), ((rows - 1) * ldc) + matrix.N), ldc, new GemmEpilogue(biases[part], min: min, max: max));
    }
}
