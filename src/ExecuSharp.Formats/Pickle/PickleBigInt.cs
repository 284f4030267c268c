using System.Numerics;

namespace ExecuSharp.Formats.Pickle;

/// <summary>An integer that does not fit 64 bits.</summary>
public sealed class PickleBigInt(BigInteger value) : PickleValue
{
    /// <summary>The value.</summary>
    public BigInteger Value { get; } = value;

    /// <inheritdoc/>
    public override string ToString() => $"an integer of {Value.GetBitLength()} bits";
}
