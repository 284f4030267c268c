using ExecuSharp.Kernels.Quantized;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>y = (Σ over blocks of sums * block scale) * row scale + bias, in float32.</summary>
/// <param name="weights">Weights with a group for each block.</param>
/// <param name="blockScales">[n, blocks].</param>
/// <param name="groupSize">Length of a block.</param>
/// <param name="bias">Bias or empty.</param>
/// <param name="min">Lower bound.</param>
/// <param name="max">Upper bound.</param>
internal sealed unsafe class BlockProduct(PackedInt8Matrix weights, float[] blockScales, int groupSize, float[] bias, float min, float max) : CodeProduct(weights)
{
    private readonly float[] scales = Pinned<float>(Transpose(blockScales, weights.N, weights.Groups), weights.N * weights.Groups);
    private readonly float[] bias = Pinned<float>(bias, weights.N);

    public override void Run(XnnContext context, int part, int rows, byte* a, int* offsets, float* rowScales, int* sums, byte* target, nint stride)
    {
        var (panel, end, column, count) = Range(part);
        float* y = (float*)target + column;
        for (int r = 0; r < rows; r++)
            new Span<float>(y + (r * stride), count).Clear();
        for (int group = 0; group < Weights.Groups; group++)
        {
            Int8Gemm.Run(Weights, group, groupSize / 4, rows, a, Weights.Isa.RowBytes(K), offsets, panel, end, Zeros, sums, PartColumns);
            for (int r = 0; r < rows; r++)
                Int8Epilogue.Accumulate(context.Width, sums + (r * PartColumns), count, Address(scales) + ((long)group * N) + column, y + (r * stride));
        }
        for (int r = 0; r < rows; r++)
            Int8Epilogue.Finish(context.Width, y + (r * stride), count, rowScales[r], Address(bias) + column, min, max);
    }

    private static float[] Transpose(float[] source, int rows, int columns)
    {
        var result = new float[source.Length];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                result[(c * rows) + r] = source[(r * columns) + c];
        return result;
    }
}
