using ExecuSharp.Kernels.Elements;
using ExecuSharp.Runtime.XnnPack.Elementwise;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>[B…, M, K] x [B…, K, N] of 8-bit codes.</summary>
internal sealed unsafe class BatchCodesOperator(XnnTensor a, XnnTensor b, XnnTensor output, bool transposed) : XnnOperator
{
    private readonly BatchSizes sizes = new();

    public override IReadOnlyList<XnnTensor> Inputs => [a, b];

    public override IReadOnlyList<XnnTensor> Outputs => [output];

    public override void Reshape(XnnContext context) => sizes.Infer(a, b, output, transposed);

    public override void Execute(XnnContext context)
    {
        var (min, max) = CodeRange.Of(output, float.NegativeInfinity, float.PositiveInfinity);
        float scale = a.Scale * b.Scale / output.Scale;
        var (m, n, k) = (sizes.M, sizes.N, sizes.K);
        for (int batch = 0; batch < sizes.Batches; batch++)
        {
            var (left, right) = sizes.Offsets(batch);
            byte* x = a.Data + ((long)left * m * k), y = b.Data + ((long)right * k * n), to = output.Data + ((long)batch * m * n);
            for (int r = 0; r < m; r++)
                for (int c = 0; c < n; c++)
                {
                    int sum = 0;
                    for (int i = 0; i < k; i++)
                        sum += Code(a, x[(r * k) + i]) * Code(b, y[transposed ? (c * k) + i : (i * n) + c]);
                    to[(r * n) + c] = (byte)(int)Quantization.Code(sum * scale, output.ZeroPoint, min, max);
                }
        }
    }

    private static int Code(XnnTensor tensor, byte code) => (tensor.IsSigned ? (sbyte)code : code) - tensor.ZeroPoint;
}
