namespace ExecuSharp.Formats.Pickle;

/// <summary>Bytes (<c>bytes</c> or <c>bytearray</c>).</summary>
public sealed class PickleBytes(ReadOnlyMemory<byte> value) : PickleValue
{
    /// <summary>The bytes; a view of the pickle.</summary>
    public ReadOnlyMemory<byte> Value { get; } = value;

    /// <inheritdoc/>
    public override string ToString() => $"{Value.Length} bytes";
}
