using ExecuSharp.Core;

namespace ExecuSharp.Verification;

/// <summary>How far an element may be from the expected one: |got − want| ≤ Absolute + Relative·|want|.</summary>
/// <param name="Absolute">Absolute part.</param>
/// <param name="Relative">Relative part.</param>
public sealed record Tolerance(double Absolute, double Relative)
{
    /// <summary>Steps by which quantized values may differ: integers by this number, floats behind a quantization by this times its scale.</summary>
    public int Steps { get; init; }

    /// <summary>Compare type and sizes only.</summary>
    public bool ShapeOnly { get; init; }

    /// <summary>Skip places where the expected or the actual value is not finite.</summary>
    public bool NonFiniteIsFree { get; init; }

    /// <summary>Added per row of the last dimension: this times the largest |want| of the row.</summary>
    public double RowFactor { get; init; }

    /// <summary>Added for every element: this times the largest finite |want| of the tensor.</summary>
    public double LargestFactor { get; init; }

    /// <summary>Bit for bit.</summary>
    public static Tolerance Exact { get; } = new(0, 0);

    /// <summary>The default for an element type. Sums of large terms lose digits that small results show, so float32 allows 1e-5 of the tensor's largest value too.</summary>
    public static Tolerance For(ScalarType type) => type switch
    {
        ScalarType.Float => new(1e-5, 1e-4) { LargestFactor = 1e-5 },
        ScalarType.Double => new(1e-6, 1e-6),
        ScalarType.Half => new(4e-3, 4e-3),
        ScalarType.BFloat16 => new(2e-2, 2e-2),
        _ => Exact,
    };
}
