using ExecuSharp.Kernels;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>Fully connected layer whose weights are an argument: nothing is packed ahead.</summary>
internal sealed unsafe class DynamicWeightsOperator(XnnTensor input, XnnTensor filter, XnnTensor? bias, XnnTensor output, bool transposed, float min, float max)
    : FloatOperator(bias is null ? [input, filter] : [input, filter, bias], output)
{
    private int rows;
    private int k;
    private int n;

    protected override void InferShapes(XnnContext context)
    {
        if (filter.Rank != 2)
            throw Refuse($"a filter of {filter.Rank} dimensions");
        (n, k) = transposed ? (filter.Sizes[1], filter.Sizes[0]) : (filter.Sizes[0], filter.Sizes[1]);
        if (bias is not null && bias.Numel != n)
            throw Refuse($"a bias of {bias.Numel} for {n} outputs");
        rows = new FullyConnectedShape(k, n).Infer(Inputs[0], Outputs[0]).Pixels;
    }

    protected override void Compute(XnnContext context)
    {
        if (rows == 0 || n == 0)
            return;
        var epilogue = new GemmEpilogue(bias is null ? default : new ReadOnlySpan<float>(From(2), n), min: min, max: max);
        Gemm.Run(
            context.Parallel, rows, n, k, new ReadOnlySpan<float>(From(0), rows * k), k, new ReadOnlySpan<float>(From(1), n * k),
            transposed ? n : k, !transposed, new Span<float>(To(0), rows * n), n, epilogue);
    }
}
