namespace ExecuSharp.Formats.Pickle;

/// <summary>Text.</summary>
public sealed class PickleString(string value) : PickleValue
{
    /// <summary>The text.</summary>
    public string Value { get; } = value;

    /// <inheritdoc/>
    public override string ToString() => Value.Length <= 60 ? $"'{Value}'" : $"'{Value[..60]}…'";
}
