using ExecuSharp.Core;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>Learned positions for another grid than the trained one, as the official code makes them: bilinear, half-pixel centres, no antialias; the class token's row stays.</summary>
internal static class PositionEmbedding
{
    /// <param name="trained">[class token + grid * grid, width].</param>
    /// <param name="grid">Side of the trained grid.</param>
    /// <param name="classToken">Row 0 is the class token's.</param>
    /// <param name="height">Rows of the new grid.</param>
    /// <param name="width">Columns of the new grid.</param>
    public static Tensor Resize(Tensor trained, int grid, bool classToken, int height, int width)
    {
        if (height == grid && width == grid)
            return trained;
        int channels = trained.Sizes[1], first = classToken ? 1 : 0;
        var result = Tensor.Empty(ScalarType.Float, [first + (height * width), channels]);
        var from = trained.Span<float>();
        var to = result.Span<float>();
        from[..(first * channels)].CopyTo(to);
        from = from[(first * channels)..];
        to = to[(first * channels)..];
        for (int y = 0; y < height; y++)
        {
            var (y0, y1, fy) = Source(y, height, grid);
            for (int x = 0; x < width; x++)
            {
                var (x0, x1, fx) = Source(x, width, grid);
                var target = to.Slice(((y * width) + x) * channels, channels);
                for (int c = 0; c < channels; c++)
                {
                    float upper = ((1 - fx) * from[(((y0 * grid) + x0) * channels) + c]) + (fx * from[(((y0 * grid) + x1) * channels) + c]);
                    float lower = ((1 - fx) * from[(((y1 * grid) + x0) * channels) + c]) + (fx * from[(((y1 * grid) + x1) * channels) + c]);
                    target[c] = ((1 - fy) * upper) + (fy * lower);
                }
            }
        }
        return result;
    }

    private static (int Low, int High, float Fraction) Source(int index, int size, int grid)
    {
        float at = Math.Max(((index + 0.5f) * grid / size) - 0.5f, 0);
        int low = Math.Min((int)at, grid - 1);
        return (low, Math.Min(low + 1, grid - 1), at - low);
    }
}
