using ExecuSharp.Kernels.Layout;

namespace ExecuSharp.Runtime.XnnPack.Movement;

/// <summary>Permutes dimensions.</summary>
internal sealed unsafe class TransposeOperator : MovementOperator
{
    private readonly int[] order;
    private readonly Permutation permutation = new();
    private readonly ParallelLoop loop;
    private int parts;

    public TransposeOperator(XnnTensor input, XnnTensor output, int[] order)
        : base([input], output)
    {
        this.order = order;
        loop = new ParallelLoop(Part);
    }

    public override void Reshape(XnnContext context)
    {
        if (order.Length != Input.Rank)
            throw Refuse($"a permutation of {order.Length} dimensions for {Input.Rank}");
        Span<int> sizes = stackalloc int[XnnTensor.MostRank];
        for (int d = 0; d < order.Length; d++)
            sizes[d] = Input.Sizes[order[d]];
        Output.SetShape(sizes[..order.Length]);
        permutation.Prepare(Input.Shape, order, ElementSize);
        parts = Output.CodeBytes < 32768 ? Math.Min(1, permutation.Parts) : Math.Min(permutation.Parts, context.Threads * 4);
    }

    public override void Execute(XnnContext context) => loop.Run(context.Parallel.Pool, parts);

    private void Part(int part, int slot) => permutation.Run(
        Input.Data, Output.Data, (int)((long)permutation.Parts * part / parts), (int)((long)permutation.Parts * (part + 1) / parts));
}
