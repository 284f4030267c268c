using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>Softmax over the last dimension.</summary>
internal sealed unsafe class SoftmaxOperator : FloatOperator
{
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private int length;
    private int rows;
    private int rowsPerPart;

    public SoftmaxOperator(XnnTensor input, XnnTensor output)
        : base([input], output)
    {
        loop = new ParallelLoop(Part);
    }

    protected override void InferShapes(XnnContext context)
    {
        var input = Inputs[0];
        Outputs[0].SetShape(input.Shape);
        length = input.Rank == 0 ? 1 : input.Sizes[input.Rank - 1];
        rows = length == 0 ? 0 : input.Numel / length;
        rowsPerPart = Math.Max(1, 8192 / Math.Max(1, length));
    }

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        loop.Run(context.Parallel.Pool, (rows + rowsPerPart - 1) / rowsPerPart);
    }

    private void Part(int part, int slot)
    {
        for (int row = part * rowsPerPart; row < Math.Min(rows, (part + 1) * rowsPerPart); row++)
            SoftmaxRows.Run(context!.Width, From(0) + ((long)row * length), To(0) + ((long)row * length), length);
    }
}
