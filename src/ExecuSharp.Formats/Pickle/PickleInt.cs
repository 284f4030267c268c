using System.Globalization;

namespace ExecuSharp.Formats.Pickle;

/// <summary>An integer of 64 bits.</summary>
public sealed class PickleInt(long value) : PickleValue
{
    /// <summary>The value.</summary>
    public long Value { get; } = value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
