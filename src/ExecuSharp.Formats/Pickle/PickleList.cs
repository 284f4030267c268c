namespace ExecuSharp.Formats.Pickle;

/// <summary>A list.</summary>
public sealed class PickleList : PickleValue
{
    private readonly List<PickleValue> items;

    /// <summary>Makes a list of values.</summary>
    public PickleList(IEnumerable<PickleValue>? items = null) => this.items = items is null ? [] : [.. items];

    /// <summary>The elements.</summary>
    public IReadOnlyList<PickleValue> Items => items;

    /// <inheritdoc/>
    public override IEnumerable<PickleValue> Children => State is null ? items : items.Append(State);

    /// <inheritdoc/>
    public override string ToString() => $"a list of {items.Count}";

    internal void Add(PickleValue value) => items.Add(value);
}
