namespace ExecuSharp.Formats.Pickle;

/// <summary>A value of a pickle: data only, nothing was called to make it. The same object where the pickle shares it; never a cycle.</summary>
public abstract class PickleValue
{
    /// <summary>What a BUILD instruction gave the object as its state (attributes of a subclass, <c>_metadata</c> of an OrderedDict), or null.</summary>
    public PickleValue? State { get; internal set; }

    /// <summary>The values directly inside.</summary>
    public virtual IEnumerable<PickleValue> Children => State is null ? [] : [State];

    /// <summary>The text, or null if this is no string.</summary>
    public string? AsString => (this as PickleString)?.Value;

    /// <summary>The integer, or null if this is no integer of 64 bits.</summary>
    public long? AsInt => (this as PickleInt)?.Value;

    /// <summary>A number of any kind as a double, else null.</summary>
    public double? AsDouble => this switch
    {
        PickleFloat f => f.Value,
        PickleInt i => i.Value,
        PickleBigInt b => (double)b.Value,
        _ => null,
    };

    /// <summary>The truth value, or null if this is none.</summary>
    public bool? AsBool => (this as PickleBool)?.Value;

    /// <summary>The elements of a list, tuple or set, else null.</summary>
    public IReadOnlyList<PickleValue>? AsSequence => this switch
    {
        PickleList l => l.Items,
        PickleTuple t => t.Items,
        PickleSet s => s.Items,
        _ => null,
    };

    /// <summary>The entry of a dictionary with this text as key, or the attribute of an object; null if there is none.</summary>
    public virtual PickleValue? Get(string key) => null;

    /// <summary>A short description for messages.</summary>
    public abstract override string ToString();
}
