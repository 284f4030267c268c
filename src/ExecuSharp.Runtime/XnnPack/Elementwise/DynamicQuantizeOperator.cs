using ExecuSharp.Kernels.Elements;

namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>Quantizes each row with a scale and zero point of its own.</summary>
internal sealed unsafe class DynamicQuantizeOperator : FloatOperator
{
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private int rowsPerPart;

    public DynamicQuantizeOperator(XnnTensor input, XnnTensor output)
        : base([input], output)
    {
        loop = new ParallelLoop(Part);
    }

    protected override void InferShapes(XnnContext context) => Outputs[0].SetShape(Inputs[0].Shape);

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        int length = Outputs[0].Rows == 0 ? 0 : Outputs[0].Numel / Outputs[0].Rows;
        rowsPerPart = Math.Max(1, 16384 / Math.Max(1, length));
        loop.Run(context.Parallel.Pool, (Outputs[0].Rows + rowsPerPart - 1) / rowsPerPart);
    }

    private void Part(int part, int slot)
    {
        var output = Outputs[0];
        int length = output.Numel / output.Rows;
        for (int row = part * rowsPerPart; row < Math.Min(output.Rows, (part + 1) * rowsPerPart); row++)
            (output.RowZeroPoints[row], output.RowScales[row]) =
                Quantization.QuantizeRow(context!.Width, From(0) + ((long)row * length), (sbyte*)output.Data + ((long)row * length), length);
    }
}
