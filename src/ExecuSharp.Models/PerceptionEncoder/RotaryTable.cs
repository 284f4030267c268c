using ExecuSharp.Core;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>
/// Two-dimensional rotary positions. Query and key channels of a head are ordered so that the two members of a pair are half a head apart
/// (the files have them side by side; <see cref="PairOrder"/>); then x' = x * Cosine + (halves exchanged) * Sine, with the sign in Sine.
/// The first half of the pairs turns with the column, the second with the row; the class token does not turn.
/// </summary>
internal sealed class RotaryTable
{
    private RotaryTable(float[] cosine, float[] sine, int tokens, int headDim)
    {
        Cosine = Tensor.From<float>(cosine, 1, tokens, headDim);
        Sine = Tensor.From<float>(sine, 1, tokens, headDim);
        CosineByChannel = Turned(Cosine, tokens, headDim);
        SineByChannel = Turned(Sine, tokens, headDim);
    }

    /// <summary>[1, tokens, head dim].</summary>
    public Tensor Cosine { get; }

    /// <summary>[1, tokens, head dim], negative in the first half.</summary>
    public Tensor Sine { get; }

    /// <summary>[1, head dim, tokens].</summary>
    public Tensor CosineByChannel { get; }

    /// <summary>[1, head dim, tokens].</summary>
    public Tensor SineByChannel { get; }

    /// <param name="gridHeight">Rows of patches.</param>
    /// <param name="gridWidth">Columns of patches.</param>
    /// <param name="headDim">Channels of a head.</param>
    /// <param name="classToken">There is a class token, and positions begin with 1.</param>
    /// <param name="trained">Side of the grid that positions are scaled to; null for whole numbers.</param>
    public static RotaryTable Make(int gridHeight, int gridWidth, int headDim, bool classToken, int? trained = null)
    {
        int first = classToken ? 1 : 0, tokens = first + (gridHeight * gridWidth), half = headDim / 2, perAxis = headDim / 4;
        var cosine = new float[tokens * headDim];
        var sine = new float[tokens * headDim];
        for (int t = 0; t < tokens; t++)
        {
            int patch = t - first;
            for (int j = 0; j < half; j++)
            {
                float position = patch < 0 ? 0 : first + (j < perAxis ? patch % gridWidth : patch / gridWidth);
                if (trained is { } side)
                    position = position / (j < perAxis ? gridWidth : gridHeight) * side;
                float frequency = (float)(1 / Math.Pow(10000, (double)(j % perAxis) / perAxis));
                float angle = position * frequency;
                float c = (float)Math.Cos(angle), s = (float)Math.Sin(angle);
                int at = t * headDim;
                (cosine[at + j], cosine[at + half + j]) = (c, c);
                (sine[at + j], sine[at + half + j]) = (-s, s);
            }
        }
        return new RotaryTable(cosine, sine, tokens, headDim);
    }

    /// <summary>For each channel of the new order, its place in the file's order.</summary>
    public static int[] PairOrder(int heads, int headDim)
    {
        var order = new int[heads * headDim];
        int half = headDim / 2;
        for (int h = 0; h < heads; h++)
            for (int j = 0; j < half; j++)
            {
                order[(h * headDim) + j] = (h * headDim) + (2 * j);
                order[(h * headDim) + half + j] = (h * headDim) + (2 * j) + 1;
            }
        return order;
    }

    private static Tensor Turned(Tensor table, int tokens, int headDim) =>
        Checkpoints.Weights.Transpose(table.ViewAs([tokens, headDim])).ViewAs([1, headDim, tokens]);
}
