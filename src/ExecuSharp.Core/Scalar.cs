using System.Globalization;

namespace ExecuSharp.Core;

/// <summary>The kind of number in a <see cref="Scalar"/>.</summary>
public enum ScalarKind : byte
{
    /// <summary>A 64-bit integer.</summary>
    Int,
    /// <summary>A 64-bit float.</summary>
    Double,
    /// <summary>A truth value.</summary>
    Bool,
}

/// <summary>A number argument of an operator: integer, float or truth value, as it was traced.</summary>
public readonly struct Scalar : IEquatable<Scalar>
{
    private readonly long bits;

    private Scalar(ScalarKind kind, long bits) => (Kind, this.bits) = (kind, bits);

    /// <summary>Which kind of number.</summary>
    public ScalarKind Kind { get; }

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(long value) => new(ScalarKind.Int, value);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(int value) => new(ScalarKind.Int, value);

    /// <summary>A float.</summary>
    public static implicit operator Scalar(double value) => new(ScalarKind.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A truth value.</summary>
    public static implicit operator Scalar(bool value) => new(ScalarKind.Bool, value ? 1 : 0);

    /// <summary>A float.</summary>
    public bool IsDouble => Kind == ScalarKind.Double;

    /// <summary>A truth value.</summary>
    public bool IsBool => Kind == ScalarKind.Bool;

    /// <summary>An integer.</summary>
    public bool IsInt => Kind == ScalarKind.Int;

    /// <summary>The value as a double.</summary>
    public double ToDouble() => IsDouble ? BitConverter.Int64BitsToDouble(bits) : bits;

    /// <summary>The value as a float: one rounding from the double, or from the integer.</summary>
    public float ToFloat() => IsDouble ? (float)BitConverter.Int64BitsToDouble(bits) : bits;

    /// <summary>The value as an integer; a float is truncated.</summary>
    public long ToLong() => IsDouble ? (long)BitConverter.Int64BitsToDouble(bits) : bits;

    /// <summary>True if not zero.</summary>
    public bool ToBool() => IsDouble ? BitConverter.Int64BitsToDouble(bits) != 0 : bits != 0;

    /// <inheritdoc/>
    public bool Equals(Scalar other) => Kind == other.Kind && bits == other.bits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Scalar other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, bits);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        ScalarKind.Double => ToDouble().ToString("R", CultureInfo.InvariantCulture),
        ScalarKind.Bool => ToBool() ? "true" : "false",
        _ => bits.ToString(CultureInfo.InvariantCulture),
    };
}
