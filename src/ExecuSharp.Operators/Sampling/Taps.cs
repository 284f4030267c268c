namespace ExecuSharp.Operators.Sampling;

/// <summary>The neighbours along one axis that make one output, with their weights.</summary>
internal sealed record Taps(int First, float[] Weights)
{
    /// <summary>Linear interpolation between two neighbours (PyTorch's compute_source_index_and_lambda).</summary>
    public static Taps[] Bilinear(float ratio, int count, int size, bool align)
    {
        var taps = new Taps[count];
        for (int i = 0; i < count; i++)
        {
            if (count == size)
            {
                taps[i] = new Taps(i, [1]);
                continue;
            }
            float place = align ? ratio * i : Math.Max((ratio * (i + 0.5f)) - 0.5f, 0);
            int first = (int)Math.Min((long)MathF.Floor(place), size - 1);
            float weight = Math.Clamp(place - first, 0, 1);
            taps[i] = first < size - 1 ? new Taps(first, [1 - weight, weight]) : new Taps(first, [(1 - weight) + weight]);
        }
        return taps;
    }

    /// <summary>A triangle as wide as the reduction, normalised (PyTorch's antialiased filter).</summary>
    public static Taps[] Antialiased(float ratio, int count, int size)
    {
        var taps = new Taps[count];
        float support = Math.Max(ratio, 1), inverse = ratio >= 1 ? 1 / ratio : 1;
        for (int i = 0; i < count; i++)
        {
            float center = ratio * (i + 0.5f);
            int from = (int)Math.Max((long)(center - support + 0.5f), 0), to = (int)Math.Min((long)(center + support + 0.5f), size);
            var weights = new float[Math.Max(to - from, 0)];
            float total = 0;
            for (int j = 0; j < weights.Length; j++)
            {
                weights[j] = Math.Max(1 - Math.Abs((from + j - center + 0.5f) * inverse), 0);
                total += weights[j];
            }
            for (int j = 0; j < weights.Length; j++)
                weights[j] /= total;
            taps[i] = total > 0 ? new Taps(from, weights) : new Taps((int)Math.Clamp((long)center, 0, size - 1), [1]);
        }
        return taps;
    }
}
