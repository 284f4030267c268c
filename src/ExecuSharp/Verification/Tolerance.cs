using ExecuSharp.Core;

namespace ExecuSharp.Verification;

/// <summary>How far an element may be from the expected one: |got − want| ≤ Absolute + Relative·|want|.</summary>
/// <param name="Absolute">Absolute part.</param>
/// <param name="Relative">Relative part.</param>
public sealed record Tolerance(double Absolute, double Relative)
{
    /// <summary>Steps by which integers may differ.</summary>
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

    /// <summary>The default for an element type.</summary>
    public static Tolerance For(ScalarType type) => type switch
    {
        ScalarType.Float => new(1e-5, 1e-4),
        ScalarType.Double => new(1e-6, 1e-6),
        ScalarType.Half => new(4e-3, 4e-3),
        ScalarType.BFloat16 => new(2e-2, 2e-2),
        _ => Exact,
    };
}
