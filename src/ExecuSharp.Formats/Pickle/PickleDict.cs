namespace ExecuSharp.Formats.Pickle;

/// <summary>A dictionary (also OrderedDict, defaultdict, Counter) in the order of the pickle. A later entry of the same text or integer key replaces the value.</summary>
public sealed class PickleDict : PickleValue
{
    private readonly List<KeyValuePair<PickleValue, PickleValue>> items = [];
    private readonly Dictionary<string, int> byText = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> byInt = [];

    /// <summary>Keys and values.</summary>
    public IReadOnlyList<KeyValuePair<PickleValue, PickleValue>> Items => items;

    /// <inheritdoc/>
    public override IEnumerable<PickleValue> Children
    {
        get
        {
            foreach (var (key, value) in items)
            {
                yield return key;
                yield return value;
            }
            if (State is not null)
                yield return State;
        }
    }

    /// <inheritdoc/>
    public override PickleValue? Get(string key) => byText.TryGetValue(key, out int i) ? items[i].Value : null;

    /// <summary>The entry with this integer as key, or null.</summary>
    public PickleValue? Get(long key) => byInt.TryGetValue(key, out int i) ? items[i].Value : null;

    /// <inheritdoc/>
    public override string ToString() => $"a dictionary of {items.Count}";

    internal void Set(PickleValue key, PickleValue value)
    {
        int old = -1;
        bool known = key switch
        {
            PickleString s => !byText.TryAdd(s.Value, items.Count) && byText.TryGetValue(s.Value, out old),
            PickleInt i => !byInt.TryAdd(i.Value, items.Count) && byInt.TryGetValue(i.Value, out old),
            _ => false,
        };
        if (known)
            items[old] = KeyValuePair.Create(items[old].Key, value);
        else
            items.Add(KeyValuePair.Create(key, value));
    }
}
