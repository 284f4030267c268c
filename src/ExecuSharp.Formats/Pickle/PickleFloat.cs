using System.Globalization;

namespace ExecuSharp.Formats.Pickle;

/// <summary>A float of 64 bits.</summary>
public sealed class PickleFloat(double value) : PickleValue
{
    /// <summary>The value.</summary>
    public double Value { get; } = value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
