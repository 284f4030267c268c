namespace ExecuSharp.Kernels;

/// <summary>What happens to a product before it is stored: bias, accumulation, clamp.</summary>
public readonly ref struct GemmEpilogue
{
    /// <summary>Makes an epilogue.</summary>
    /// <param name="bias">One number for each column, added first; empty for none.</param>
    /// <param name="accumulate">Add to what the target holds instead of overwriting it. Excludes <paramref name="bias"/>.</param>
    /// <param name="min">Lower bound of the result.</param>
    /// <param name="max">Upper bound of the result. NaN stays NaN.</param>
    public GemmEpilogue(ReadOnlySpan<float> bias = default, bool accumulate = false, float min = float.NegativeInfinity, float max = float.PositiveInfinity)
    {
        if (accumulate && !bias.IsEmpty)
            throw new ArgumentException("a product either has a bias or is accumulated");
        Bias = bias;
        Accumulate = accumulate;
        Clamp = min > float.NegativeInfinity || max < float.PositiveInfinity;
        Min = min;
        Max = max;
    }

    /// <summary>One number for each column, or empty.</summary>
    public ReadOnlySpan<float> Bias { get; }

    /// <summary>Add to the target.</summary>
    public bool Accumulate { get; }

    /// <summary>True if there is a finite bound.</summary>
    public bool Clamp { get; }

    /// <summary>Lower bound; meaningful if <see cref="Clamp"/>.</summary>
    public float Min { get; }

    /// <summary>Upper bound; meaningful if <see cref="Clamp"/>.</summary>
    public float Max { get; }
}
