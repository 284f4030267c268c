using ExecuSharp.Kernels;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>[B…, M, K] x [B…, K, N] in float32; leading dimensions broadcast.</summary>
internal sealed unsafe class BatchMatrixMultiplyOperator : FloatOperator
{
    private const int MostRows = 96;
    private readonly bool transposed;
    private readonly ParallelLoop loop;
    private readonly BatchSizes sizes = new();
    private XnnContext? context;
    private int tileRows;
    private int tiles;

    public BatchMatrixMultiplyOperator(XnnTensor a, XnnTensor b, XnnTensor output, bool transposed)
        : base([a, b], output)
    {
        this.transposed = transposed;
        loop = new ParallelLoop(Part);
    }

    protected override void InferShapes(XnnContext context)
    {
        sizes.Infer(Inputs[0], Inputs[1], Outputs[0], transposed);
        // Few rows at a time, so that a wide result stays in the cache while its columns are filled.
        int most = sizes.N > 256 ? MostRows : sizes.M;
        int wanted = sizes.Batches >= 2 * context.Threads ? sizes.M : ((sizes.M / (2 * context.Threads)) + 7) / 8 * 8;
        tileRows = Math.Max(8, Math.Min(most, wanted));
        tiles = (sizes.M + tileRows - 1) / tileRows;
    }

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        if (Outputs[0].Numel > 0)
            loop.Run(context.Parallel.Pool, sizes.Batches * tiles);
    }

    private void Part(int task, int slot)
    {
        var (m, n, k) = (sizes.M, sizes.N, sizes.K);
        int batch = task / tiles, row = task % tiles * tileRows, rows = Math.Min(tileRows, m - row);
        var (left, right) = sizes.Offsets(batch);
        Gemm.Run(
            context!.Serial, rows, n, k, new ReadOnlySpan<float>(From(0) + ((long)left * m * k) + ((long)row * k), rows * k), k,
            new ReadOnlySpan<float>(From(1) + ((long)right * k * n), k * n), transposed ? k : n, transposed,
            new Span<float>(To(0) + ((long)batch * m * n) + ((long)row * n), rows * n), n);
    }
}
