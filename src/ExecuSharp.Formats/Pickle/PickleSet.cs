namespace ExecuSharp.Formats.Pickle;

/// <summary>A set or frozen set, in the order of the pickle.</summary>
public sealed class PickleSet : PickleValue
{
    private readonly List<PickleValue> items;

    /// <summary>Makes a set of values.</summary>
    public PickleSet(IEnumerable<PickleValue>? items = null) => this.items = items is null ? [] : [.. items];

    /// <summary>The elements.</summary>
    public IReadOnlyList<PickleValue> Items => items;

    /// <inheritdoc/>
    public override IEnumerable<PickleValue> Children => items;

    /// <inheritdoc/>
    public override string ToString() => $"a set of {items.Count}";

    internal void Add(PickleValue value) => items.Add(value);
}
