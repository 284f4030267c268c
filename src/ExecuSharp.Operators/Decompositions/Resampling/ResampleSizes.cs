using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Resampling;

/// <summary>Input, output sizes and scale factors of a resampling.</summary>
internal sealed record ResampleSizes(Value Input, int Dimensions, int[] To, double?[]? Scales)
{
    /// <summary>The weights of each output element become constants.</summary>
    private const int LargestSize = 1 << 22;

    /// <summary>From the output sizes if given, else from the factors.</summary>
    public static ResampleSizes Of(Value input, int dims, Argument sizes, double?[]? scales)
    {
        if (input.Spec.Sizes[2..].Any(s => !s.IsStatic))
            throw new InvalidOperationException("resampling of dynamic sizes is not supported");
        long[] to = sizes.IsNone
            ? [.. Enumerable.Range(0, dims).Select(i => (long)(input.Spec.Sizes[2 + i].Value * scales![i]!.Value))]
            : [.. sizes.AsInts()];
        if (Array.Exists(to, s => s is < 1 or > LargestSize))
            throw new InvalidOperationException($"output sizes of 1 to {LargestSize} expected, [{string.Join(", ", to)}] found");
        return new ResampleSizes(input, dims, [.. to.Select(s => (int)s)], scales);
    }

    /// <summary>The factors alone lead to the output sizes.</summary>
    public bool ScalesGiveSizes => Scales is not null && Enumerable.Range(0, Dimensions).All(i => Scales[i] is { } s && (int)(From(i) * s) == To[i]);

    public int From(int i) => (int)Input.Spec.Sizes[2 + i].Value;

    /// <summary>Input elements for an output element.</summary>
    public float Ratio(int i) => Scales is not null && i < Scales.Length && Scales[i] is > 0 and { } s ? (float)(1 / s) : (float)From(i) / To[i];

    /// <summary>Where an output element lies in the input.</summary>
    public float Place(int i, int output, bool align, bool clampAtZero)
    {
        if (align)
            return To[i] > 1 ? output * ((float)(From(i) - 1) / (To[i] - 1)) : 0;
        float place = (Ratio(i) * (output + 0.5f)) - 0.5f;
        return clampAtZero && place < 0 ? 0 : place;
    }
}
