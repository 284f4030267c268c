using ExecuSharp.Core;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>
/// Learned positions for another grid than the trained one; the class token's row stays. Both ways are sums of the trained rows and columns with weights of
/// their own for each new one.
/// </summary>
internal static class PositionEmbedding
{
    private const double CubicCoefficient = -0.5;

    /// <param name="trained">[class token + grid * grid, width].</param>
    /// <param name="grid">Side of the trained grid.</param>
    /// <param name="classToken">Row 0 is the class token's.</param>
    /// <param name="height">Rows of the new grid.</param>
    /// <param name="width">Columns of the new grid.</param>
    /// <param name="convention">Bilinear with half-pixel centres and no antialias, or bicubic with antialias.</param>
    public static Tensor Resize(Tensor trained, int grid, bool classToken, int height, int width, PositionConvention convention)
    {
        if (height == grid && width == grid)
            return trained;
        Func<int, int, int, (int First, float[] Weights)> weights = convention == PositionConvention.Timm ? Cubic : Linear;
        int channels = trained.Sizes[1], first = classToken ? 1 : 0;
        var result = Tensor.Empty(ScalarType.Float, [first + (height * width), channels]);
        var from = trained.Span<float>();
        var to = result.Span<float>();
        from[..(first * channels)].CopyTo(to);
        var wide = new float[grid * width * channels];
        for (int y = 0; y < grid; y++)
            for (int x = 0; x < width; x++)
            {
                var (start, row) = weights(x, width, grid);
                for (int k = 0; k < row.Length; k++)
                    Add(from.Slice((first + (y * grid) + start + k) * channels, channels), row[k], wide.AsSpan(((y * width) + x) * channels, channels));
            }
        for (int y = 0; y < height; y++)
        {
            var (start, column) = weights(y, height, grid);
            for (int k = 0; k < column.Length; k++)
                Add(wide.AsSpan((start + k) * width * channels, width * channels), column[k], to.Slice((first + (y * width)) * channels, width * channels));
        }
        return result;
    }

    private static void Add(ReadOnlySpan<float> from, float weight, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += weight * from[i];
    }

    private static (int First, float[] Weights) Linear(int index, int size, int grid)
    {
        float at = Math.Max(((index + 0.5f) * grid / size) - 0.5f, 0);
        int low = Math.Min((int)at, grid - 1);
        float fraction = at - low;
        return low == grid - 1 ? (low, [1f]) : (low, [1 - fraction, fraction]);
    }

    // As torch's antialiased bicubic: the filter is as wide as a step of the new grid, and its weights sum to 1.
    private static (int First, float[] Weights) Cubic(int index, int size, int grid)
    {
        double scale = (double)grid / size, stretch = Math.Max(scale, 1), support = 2 * stretch, centre = scale * (index + 0.5);
        int first = Math.Max((int)(centre - support + 0.5), 0), end = Math.Min((int)(centre + support + 0.5), grid);
        double[] weights = [.. Enumerable.Range(first, end - first).Select(i => Filter((i - centre + 0.5) / stretch))];
        double sum = weights.Sum();
        return (first, Array.ConvertAll(weights, w => (float)(w / sum)));
    }

    private static double Filter(double x)
    {
        x = Math.Abs(x);
        return x < 1 ? ((((CubicCoefficient + 2) * x) - (CubicCoefficient + 3)) * x * x) + 1
            : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * CubicCoefficient : 0;
    }
}
