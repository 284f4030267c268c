namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>A float function of two broadcast inputs.</summary>
internal sealed unsafe class BinaryOperator : FloatOperator
{
    private const int Chunk = 16384;
    private readonly BinaryKernel kernel;
    private readonly Broadcast broadcast = new();
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private RowBundle bundle;
    private int rowsPerPart;

    public BinaryOperator(BinaryKernel kernel, XnnTensor a, XnnTensor b, XnnTensor output)
        : base([a, b], output)
    {
        this.kernel = kernel;
        loop = new ParallelLoop(Part);
    }

    protected override void InferShapes(XnnContext context)
    {
        broadcast.Prepare(Inputs[0], Inputs[1], Outputs[0]);
        bundle = new RowBundle(broadcast);
        rowsPerPart = Math.Max(1, Chunk / Math.Max(1, broadcast.Length));
        OwnScratchBytes = bundle.Repeats == 1 ? 0 : 4L * context.Threads * bundle.Rows * broadcast.Length;
    }

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        if (broadcast.Rows == 1)
        {
            loop.Run(context.Parallel.Pool, (broadcast.Length + Chunk - 1) / Chunk);
            return;
        }
        loop.Run(context.Parallel.Pool, (broadcast.Rows + rowsPerPart - 1) / rowsPerPart);
    }

    private void Part(int part, int slot)
    {
        if (broadcast.Rows == 1)
        {
            int first = part * Chunk, count = Math.Min(Chunk, broadcast.Length - first);
            Row(broadcast.LeftLength == 1 ? 0 : first, broadcast.RightLength == 1 ? 0 : first, first, count);
            return;
        }
        int row = part * rowsPerPart, end = Math.Min(broadcast.Rows, row + rowsPerPart);
        if (bundle.Repeats > 1)
        {
            Bundles(row, end, (float*)OwnScratch + ((long)slot * bundle.Rows * broadcast.Length));
            return;
        }
        for (; row < end; row++)
        {
            var (a, b) = broadcast.Offsets(row);
            Row(a, b, row * broadcast.Length, broadcast.Length);
        }
    }

    private void Bundles(int row, int end, float* repeated)
    {
        int length = broadcast.Length, filled = -1;
        while (row < end)
        {
            int group = row / bundle.Repeats, rows = Math.Min(Math.Min(bundle.Rows, end - row), ((group + 1) * bundle.Repeats) - row);
            var (a, b) = broadcast.Offsets(row);
            if (group != filled)
            {
                var source = new ReadOnlySpan<float>(bundle.LeftRepeated ? From(0) + a : From(1) + b, length);
                for (int i = 0; i < bundle.Rows; i++)
                    source.CopyTo(new Span<float>(repeated + (i * length), length));
                filled = group;
            }
            int count = rows * length;
            var left = new ReadOnlySpan<float>(bundle.LeftRepeated ? repeated : From(0) + a, count);
            var right = new ReadOnlySpan<float>(bundle.LeftRepeated ? From(1) + b : repeated, count);
            kernel.Run(context!.Width, left, right, new Span<float>(To(0) + ((long)row * length), count));
            row += rows;
        }
    }

    private void Row(int a, int b, int y, int count) => kernel.Run(
        context!.Width,
        new ReadOnlySpan<float>(From(0) + a, broadcast.LeftLength == 1 ? 1 : count),
        new ReadOnlySpan<float>(From(1) + b, broadcast.RightLength == 1 ? 1 : count),
        new Span<float>(To(0) + y, count));
}
