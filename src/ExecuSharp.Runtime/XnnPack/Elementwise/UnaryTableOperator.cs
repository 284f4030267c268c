using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>A function of 8-bit codes, looked up in a table of all 256 that is made once.</summary>
internal sealed unsafe class UnaryTableOperator : XnnOperator
{
    private const int Chunk = 65536;
    private readonly XnnTensor input;
    private readonly XnnTensor output;
    private readonly byte[] table;
    private readonly ParallelLoop loop;

    public UnaryTableOperator(UnaryKernel kernel, XnnTensor input, XnnTensor output)
    {
        this.input = input;
        this.output = output;
        table = Table(kernel, input, output);
        loop = new ParallelLoop(Part);
    }

    public override IReadOnlyList<XnnTensor> Inputs => [input];

    public override IReadOnlyList<XnnTensor> Outputs => [output];

    public override void Reshape(XnnContext context) => output.SetShape(input.Shape);

    public override void Execute(XnnContext context) => loop.Run(context.Parallel.Pool, (output.Numel + Chunk - 1) / Chunk);

    private static byte[] Table(UnaryKernel kernel, XnnTensor input, XnnTensor output)
    {
        Span<float> x = stackalloc float[256], y = stackalloc float[256];
        for (int i = 0; i < 256; i++)
            x[i] = ((input.IsSigned ? (sbyte)i : i) - input.ZeroPoint) * input.Scale;
        kernel.Run(SimdWidth.Scalar, x, y);
        var (min, max) = output.Type.Codes();
        float inverse = 1f / output.Scale;
        var table = new byte[256];
        // What is not a number becomes code 0, not the zero point.
        for (int i = 0; i < 256; i++)
            table[i] = float.IsNaN(y[i]) ? (byte)0 : (byte)(int)Math.Clamp(MathF.Round((y[i] * inverse) + output.ZeroPoint), min, max);
        return table;
    }

    private void Part(int part, int slot)
    {
        int first = part * Chunk, end = Math.Min(first + Chunk, output.Numel);
        byte* from = input.Data, to = output.Data;
        fixed (byte* codes = table)
            for (int i = first; i < end; i++)
                to[i] = codes[from[i]];
    }
}
