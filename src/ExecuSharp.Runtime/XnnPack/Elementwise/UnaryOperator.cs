namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>A float function of each element.</summary>
internal sealed unsafe class UnaryOperator : FloatOperator
{
    private const int Chunk = 16384;
    private readonly UnaryKernel kernel;
    private readonly ParallelLoop loop;
    private XnnContext? context;

    public UnaryOperator(UnaryKernel kernel, XnnTensor input, XnnTensor output)
        : base([input], output)
    {
        this.kernel = kernel;
        loop = new ParallelLoop(Part);
    }

    protected override void InferShapes(XnnContext context) => Outputs[0].SetShape(Inputs[0].Shape);

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        loop.Run(context.Parallel.Pool, (Outputs[0].Numel + Chunk - 1) / Chunk);
    }

    private void Part(int part, int slot)
    {
        int first = part * Chunk, count = Math.Min(Chunk, Outputs[0].Numel - first);
        kernel.Run(context!.Width, new ReadOnlySpan<float>(From(0) + first, count), new Span<float>(To(0) + first, count));
    }
}
