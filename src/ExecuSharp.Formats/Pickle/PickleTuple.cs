namespace ExecuSharp.Formats.Pickle;

/// <summary>A tuple.</summary>
public sealed class PickleTuple(IReadOnlyList<PickleValue> items) : PickleValue
{
    /// <summary>The elements.</summary>
    public IReadOnlyList<PickleValue> Items { get; } = items;

    /// <inheritdoc/>
    public override IEnumerable<PickleValue> Children => Items;

    /// <inheritdoc/>
    public override string ToString() => $"a tuple of {Items.Count}";
}
