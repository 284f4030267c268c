using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Sampling;

/// <summary>The neighbours along one axis that make each output, with their weights.</summary>
internal readonly ref struct Taps
{
    private readonly Scratch<int> firsts;
    private readonly Scratch<int> counts;
    private readonly Scratch<float> weights;
    private readonly int room;

    private Taps(int count, int room)
    {
        this.room = room;
        Count = count;
        firsts = new Scratch<int>(count);
        counts = new Scratch<int>(count);
        weights = new Scratch<float>(checked(count * room));
    }

    /// <summary>Number of outputs.</summary>
    public int Count { get; }

    /// <summary>Linear interpolation between two neighbours (PyTorch's compute_source_index_and_lambda).</summary>
    public static Taps Bilinear(float ratio, int count, int size, bool align)
    {
        var taps = new Taps(count, 2);
        for (int i = 0; i < count; i++)
        {
            if (count == size)
            {
                taps.Set(i, i, [1]);
                continue;
            }
            float place = align ? ratio * i : Math.Max((ratio * (i + 0.5f)) - 0.5f, 0);
            int first = (int)Math.Min((long)MathF.Floor(place), size - 1);
            float weight = Math.Clamp(place - first, 0, 1);
            if (first < size - 1)
                taps.Set(i, first, [1 - weight, weight]);
            else
                taps.Set(i, first, [(1 - weight) + weight]);
        }
        return taps;
    }

    /// <summary>A triangle as wide as the reduction, normalised (PyTorch's antialiased filter).</summary>
    public static Taps Antialiased(float ratio, int count, int size)
    {
        float support = Math.Max(ratio, 1), inverse = ratio >= 1 ? 1 / ratio : 1;
        var taps = new Taps(count, Math.Clamp((int)(2 * support) + 2, 1, Math.Max(size, 1)));
        for (int i = 0; i < count; i++)
        {
            float center = ratio * (i + 0.5f);
            int from = (int)Math.Max((long)(center - support + 0.5f), 0), to = (int)Math.Min((long)(center + support + 0.5f), size);
            var target = taps.weights.Span.Slice(i * taps.room, Math.Max(to - from, 0));
            float total = 0;
            for (int j = 0; j < target.Length; j++)
            {
                target[j] = Math.Max(1 - Math.Abs((from + j - center + 0.5f) * inverse), 0);
                total += target[j];
            }
            for (int j = 0; j < target.Length; j++)
                target[j] /= total;
            if (total > 0)
                (taps.firsts.Span[i], taps.counts.Span[i]) = (from, target.Length);
            else
                taps.Set(i, (int)Math.Clamp((long)center, 0, size - 1), [1]);
        }
        return taps;
    }

    /// <summary>The first neighbour of an output.</summary>
    public int First(int output) => firsts.Span[output];

    /// <summary>The weights of an output's neighbours.</summary>
    public ReadOnlySpan<float> Weights(int output) => weights.Span.Slice(output * room, counts.Span[output]);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        firsts.Dispose();
        counts.Dispose();
        weights.Dispose();
    }

    private void Set(int output, int first, ReadOnlySpan<float> values)
    {
        firsts.Span[output] = first;
        counts.Span[output] = values.Length;
        values.CopyTo(weights.Span[(output * room)..]);
    }
}
