namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>A float function of two broadcast inputs.</summary>
internal sealed unsafe class BinaryOperator : FloatOperator
{
    private const int Chunk = 16384;
    private readonly BinaryKernel kernel;
    private readonly Broadcast broadcast = new();
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private int rowsPerPart;

    public BinaryOperator(BinaryKernel kernel, XnnTensor a, XnnTensor b, XnnTensor output)
        : base([a, b], output)
    {
        this.kernel = kernel;
        loop = new ParallelLoop(Part);
    }

    protected override void InferShapes(XnnContext context) => broadcast.Prepare(Inputs[0], Inputs[1], Outputs[0]);

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        if (broadcast.Rows == 1)
        {
            loop.Run(context.Parallel.Pool, (broadcast.Length + Chunk - 1) / Chunk);
            return;
        }
        rowsPerPart = Math.Max(1, Chunk / broadcast.Length);
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
        for (int row = part * rowsPerPart; row < Math.Min(broadcast.Rows, (part + 1) * rowsPerPart); row++)
        {
            var (a, b) = broadcast.Offsets(row);
            Row(a, b, row * broadcast.Length, broadcast.Length);
        }
    }

    private void Row(int a, int b, int y, int count) => kernel.Run(
        context!.Width,
        new ReadOnlySpan<float>(From(0) + a, broadcast.LeftLength == 1 ? 1 : count),
        new ReadOnlySpan<float>(From(1) + b, broadcast.RightLength == 1 ? 1 : count),
        new Span<float>(To(0) + y, count));
}
