namespace ExecuSharp.Formats.Pickle;

/// <summary>A reference to something stored outside the pickle.</summary>
/// <param name="id">What the file gives to find it.</param>
public sealed class PicklePersistentId(PickleValue id) : PickleValue
{
    /// <summary>What the file gives to find it.</summary>
    public PickleValue Id { get; } = id;

    /// <inheritdoc/>
    public override IEnumerable<PickleValue> Children => [Id];

    /// <inheritdoc/>
    public override string ToString() => $"persistent id {Id}";
}
