namespace ExecuSharp.Formats.Pickle;

/// <summary>Python's None.</summary>
public sealed class PickleNone : PickleValue
{
    /// <inheritdoc/>
    public override string ToString() => "None";
}
