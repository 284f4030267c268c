using ExecuSharp.Formats.Onnx;

namespace ExecuSharp.Import.Onnx;

/// <summary>The names of a graph and of the graphs around it.</summary>
/// <param name="Parent">The graph around, or null.</param>
/// <param name="Opsets">Operator set versions by domain.</param>
/// <param name="Attributes">Inside a function: the attributes of its call.</param>
/// <param name="Place">Where the graph is, for messages; empty for the outermost.</param>
internal sealed record Scope(Scope? Parent, IReadOnlyDictionary<string, int> Opsets, IReadOnlyDictionary<string, AttributeProto>? Attributes, string Place)
{
    private readonly Dictionary<string, OnnxValue> values = new(StringComparer.Ordinal);

    /// <summary>Brings values of the graphs around into this one, where this one becomes a graph of its own.</summary>
    public Func<OnnxValue, OnnxValue>? Capture { get; init; }

    public OnnxValue? Find(string name)
    {
        if (values.TryGetValue(name, out var value))
            return value;
        if (Parent?.Find(name) is not { } outer)
            return null;
        if (Capture is null)
            return outer;
        return values[name] = Capture(outer);
    }

    public void Set(string name, OnnxValue value) => values[name] = value;

    /// <summary>A scope inside this one.</summary>
    public Scope Inner(string place) => new(this, Opsets, Attributes, Place.Length == 0 ? place : Place + "/" + place);
}
