namespace ExecuSharp.Imaging.Resampling;

/// <summary>
/// The taps of one axis: Pillow's <c>precompute_coeffs</c>. The filter is stretched by the reduction factor (antialias), normalised in double
/// precision and rounded to 22 fractional bits.
/// </summary>
internal sealed class ResampleWeights
{
    public const int FractionBits = 22;

    private readonly int[] starts;
    private readonly int[] counts;
    private readonly int[] weights;
    private readonly int taps;

    /// <param name="filter">Any but nearest.</param>
    /// <param name="size">Source samples.</param>
    /// <param name="from">Start of the source part.</param>
    /// <param name="to">End of the source part.</param>
    /// <param name="outputs">Target samples.</param>
    public ResampleWeights(ResampleFilter filter, int size, float from, float to, int outputs)
    {
        double scale = (double)(to - from) / outputs, stretch = Math.Max(scale, 1), support = Support(filter) * stretch;
        taps = (int)Math.Ceiling(support) * 2 + 1;
        starts = new int[outputs];
        counts = new int[outputs];
        weights = new int[checked(outputs * taps)];
        var exact = new double[taps];
        double inverse = 1 / stretch;
        for (int o = 0; o < outputs; o++)
        {
            double centre = from + (o + 0.5) * scale, sum = 0;
            int start = Math.Max((int)(centre - support + 0.5), 0), count = Math.Min((int)(centre + support + 0.5), size) - start;
            for (int i = 0; i < count; i++)
            {
                exact[i] = Evaluate(filter, (i + start - centre + 0.5) * inverse);
                sum += exact[i];
            }
            for (int i = 0; i < count; i++)
            {
                double w = (sum != 0 ? exact[i] / sum : exact[i]) * (1 << FractionBits);
                weights[o * taps + i] = (int)(w < 0 ? w - 0.5 : w + 0.5);
            }
            (starts[o], counts[o]) = (start, count);
        }
    }

    /// <summary>Target samples.</summary>
    public int Outputs => starts.Length;

    /// <summary>First source sample of an output.</summary>
    public int Start(int output) => starts[output];

    /// <summary>Weights of an output, in units of 2^-22.</summary>
    public ReadOnlySpan<int> Taps(int output) => weights.AsSpan(output * taps, counts[output]);

    /// <summary>End of the source samples that any output uses.</summary>
    public int End => starts[^1] + counts[^1];

    private static double Support(ResampleFilter filter) => filter switch
    {
        ResampleFilter.Box => 0.5,
        ResampleFilter.Bilinear or ResampleFilter.Hamming => 1,
        ResampleFilter.Bicubic => 2,
        ResampleFilter.Lanczos => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "no convolution filter"),
    };

    private static double Evaluate(ResampleFilter filter, double x)
    {
        if (filter == ResampleFilter.Box)
            return x > -0.5 && x <= 0.5 ? 1 : 0;
        if (filter == ResampleFilter.Lanczos)
            return x >= -3 && x < 3 ? Sinc(x) * Sinc(x / 3) : 0;
        x = Math.Abs(x);
        switch (filter)
        {
            case ResampleFilter.Bilinear:
                return x < 1 ? 1 - x : 0;
            case ResampleFilter.Hamming:
                if (x == 0)
                    return 1;
                if (x >= 1)
                    return 0;
                x *= Math.PI;
                return Math.Sin(x) / x * (0.54 + 0.46 * Math.Cos(x));
            default:
                const double a = -0.5;
                return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
        }
    }

    private static double Sinc(double x)
    {
        if (x == 0)
            return 1;
        x *= Math.PI;
        return Math.Sin(x) / x;
    }
}
