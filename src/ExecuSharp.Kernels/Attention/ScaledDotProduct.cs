using System.Buffers;

namespace ExecuSharp.Kernels.Attention;

/// <summary>softmax(scale q kᵀ + mask) v for each head, float32.</summary>
public static class ScaledDotProduct
{
    /// <summary>Computes attention.</summary>
    /// <param name="context">Vector width and threads.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="query">Queries.</param>
    /// <param name="key">Keys.</param>
    /// <param name="value">Values.</param>
    /// <param name="mask">[queries, keys], added to the scaled products; or empty.</param>
    /// <param name="causalStart">Query i sees the keys up to i + this; null for all keys.</param>
    /// <param name="scale">Factor of the products.</param>
    /// <param name="output">In the layout of the queries. A query that sees nothing gives zeros.</param>
    public static void Run(KernelContext context, in AttentionShape shape, ReadOnlySpan<float> query, ReadOnlySpan<float> key, ReadOnlySpan<float> value, ReadOnlySpan<float> mask, long? causalStart, float scale, Span<float> output)
    {
        float[] scores = ArrayPool<float>.Shared.Rent(Math.Max(shape.Queries * shape.Keys, 1));
        for (int i = 0; i < shape.Batch * shape.Heads; i++)
        {
            int batch = i / shape.Heads, head = i % shape.Heads;
            int q = (batch * shape.QueryLayout.BatchStride) + (head * shape.QueryLayout.HeadStride);
            int k = (batch * shape.KeyLayout.BatchStride) + (head / (shape.Heads / shape.KeyHeads) * shape.KeyLayout.HeadStride);
            Gemm.Run(context, shape.Queries, shape.Keys, shape.HeadSize, query[q..], shape.QueryLayout.Stride, key[k..], shape.KeyLayout.Stride, true, scores, shape.Keys);
            for (int row = 0; row < shape.Queries; row++)
            {
                var line = scores.AsSpan(row * shape.Keys, shape.Keys);
                long seen = causalStart is { } start ? Math.Clamp(row + start + 1, 0, shape.Keys) : shape.Keys;
                line[(int)seen..].Clear();
                Softmax(line[..(int)seen], mask.IsEmpty ? default : mask.Slice(row * shape.Keys, (int)seen), scale);
            }
            Gemm.Run(context, shape.Queries, shape.HeadSize, shape.Keys, scores, shape.Keys, value[k..], shape.KeyLayout.Stride, false, output[q..], shape.QueryLayout.Stride);
        }
        ArrayPool<float>.Shared.Return(scores);
    }

    private static void Softmax(Span<float> line, ReadOnlySpan<float> mask, float scale)
    {
        float most = float.NegativeInfinity;
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = (line[i] * scale) + (mask.IsEmpty ? 0 : mask[i]);
            most = MathF.Max(most, line[i]);
        }
        if (float.IsNegativeInfinity(most))
        {
            line.Clear();
            return;
        }
        float sum = 0;
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = MathF.Exp(line[i] - most);
            sum += line[i];
        }
        for (int i = 0; i < line.Length; i++)
            line[i] /= sum;
    }
}
