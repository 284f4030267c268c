namespace ExecuSharp.Formats.Pickle;

/// <summary>An object that Python would have made by calling a class: here only the class's name, the arguments and the state.</summary>
/// <param name="type">The class or function.</param>
/// <param name="arguments">The positional arguments.</param>
/// <param name="keywords">The keyword arguments, or null.</param>
public sealed class PickleObject(PickleGlobal type, PickleTuple arguments, PickleDict? keywords = null) : PickleValue
{
    private PickleDict? items;
    private PickleList? elements;

    /// <summary>The class or function.</summary>
    public PickleGlobal Type { get; } = type;

    /// <summary>The positional arguments.</summary>
    public PickleTuple Arguments { get; } = arguments;

    /// <summary>The keyword arguments, or null.</summary>
    public PickleDict? Keywords { get; } = keywords;

    /// <summary>Entries set on it, of a class derived from dict; else null.</summary>
    public PickleDict? Items => items;

    /// <summary>Elements appended to it, of a class derived from list or set; else null.</summary>
    public PickleList? Elements => elements;

    /// <summary>The attributes: the state, or the first of a (attributes, slots) pair, if it is a dictionary.</summary>
    public PickleDict? Attributes => State switch
    {
        PickleDict d => d,
        PickleTuple { Items: [PickleDict d, _] } => d,
        PickleTuple { Items: [PickleNone, PickleDict d] } => d,
        _ => null,
    };

    /// <inheritdoc/>
    public override IEnumerable<PickleValue> Children
    {
        get
        {
            yield return Arguments;
            if (Keywords is not null)
                yield return Keywords;
            if (items is not null)
                yield return items;
            if (elements is not null)
                yield return elements;
            if (State is not null)
                yield return State;
        }
    }

    /// <inheritdoc/>
    public override PickleValue? Get(string key) => items?.Get(key) ?? Attributes?.Get(key);

    /// <inheritdoc/>
    public override string ToString() => $"an object of {Type}";

    internal void Set(PickleValue key, PickleValue value) => (items ??= new PickleDict()).Set(key, value);

    internal void Add(PickleValue value) => (elements ??= new PickleList()).Add(value);
}
