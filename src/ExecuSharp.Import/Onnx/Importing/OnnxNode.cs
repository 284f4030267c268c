using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>One node while its row translates it: inputs, attributes, and where results go.</summary>
internal sealed class OnnxNode(ModelImporter importer, NodeProto proto, Scope scope, OnnxValue?[] inputs, int opset, string where)
{
    public ModelImporter Importer => importer;

    public Scope Scope => scope;

    public NodeProto Proto => proto;

    /// <summary>Version of the operator set of the node's domain.</summary>
    public int Opset => opset;

    public string Where => where;

    public Aten Aten => importer.Aten;

    /// <summary>Finds constants of the graph that the node itself is in.</summary>
    public Func<Value, Tensor?> OuterConstants { get; } = importer.Aten.ConstantOf;

    public int InputCount => inputs.Length;

    public int OutputCount => proto.Outputs.Count;

    public bool Has(int index) => index < inputs.Length && inputs[index] is not null;

    public bool WantsOutput(int index) => index < proto.Outputs.Count && proto.Outputs[index].Length > 0;

    /// <summary>The first input.</summary>
    public Value X => In(0);

    /// <summary>An input that must be there, of any kind.</summary>
    public OnnxValue Any(int index) => Has(index) ? inputs[index]! : throw new ModelFormatException(where, $"input {index}", "none");

    /// <summary>A tensor input that must be there.</summary>
    public Value In(int index) => Tensor(Any(index));

    /// <summary>A tensor input that may be missing.</summary>
    public Value? Opt(int index) => Has(index) ? In(index) : null;

    public Value[] All() => [.. Enumerable.Range(0, inputs.Length).Select(In)];

    /// <summary>The element type of a tensor input.</summary>
    public OnnxDataType Type(int index) => Any(index) switch
    {
        OnnxValue.OfTensor t => t.Type,
        OnnxValue.OfDims => OnnxDataType.Int64,
        OnnxValue.OfOptional { Item: OnnxValue.OfTensor t } => t.Type,
        OnnxValue.OfSequence s => s.ElementType,
        _ => throw new OnnxUnsupportedException($"input {index} is no tensor"),
    };

    public int Rank(int index = 0) => Any(index) is OnnxValue.OfDims d ? (d.IsScalar ? 0 : 1) : In(index).Spec.Rank;

    /// <summary>A value as a tensor.</summary>
    public Value Tensor(OnnxValue value) => value switch
    {
        OnnxValue.OfTensor t => t.Value,
        OnnxValue.OfDims d => Dims.Materialize(Aten, d),
        OnnxValue.OfOptional { Item: { } item } => Tensor(item),
        _ => throw new OnnxUnsupportedException("a sequence stands where a tensor is needed"),
    };

    /// <summary>The content of an input if it is known, else null.</summary>
    public Tensor? Known(int index) => Has(index) && Any(index) is OnnxValue.OfTensor t ? Aten.ConstantOf(t.Value) : null;

    /// <summary>The content of an input that must be known.</summary>
    public Tensor MustKnow(int index, string what) => Known(index)
        ?? throw new OnnxUnsupportedException($"{what} (input {index}{(index < proto.Inputs.Count ? $" \"{proto.Inputs[index]}\"" : "")}) must be known at conversion; freeze the input that it depends on");

    /// <summary>A truth value if it is known, else null.</summary>
    public bool? KnownBool(int index) => Known(index) is not { } t ? null
        : t is { Type: ScalarType.Bool, Numel: 1 } ? t.Span<byte>()[0] != 0 : throw Bad("one truth value", $"{t}");

    /// <summary>Known integers of an input, of any integer type.</summary>
    public long[] Longs(int index, string what) => Values.Longs(MustKnow(index, what));

    /// <summary>Known integers of an input, or null if it is missing.</summary>
    public long[]? OptLongs(int index, string what) => Has(index) ? Longs(index, what) : null;

    /// <summary>Known numbers of an input, or null if it is missing.</summary>
    public double[]? OptDoubles(int index, string what) => Has(index) ? Values.Doubles(MustKnow(index, what)) : null;

    /// <summary>Sizes in an input: known numbers, or expressions of dynamic sizes.</summary>
    public Dim[] DimsOf(int index, string what) => Any(index) is OnnxValue.OfDims d ? d.Dims : Array.ConvertAll(Longs(index, what), l => (Dim)l);

    /// <summary>The same node with other inputs.</summary>
    public OnnxNode With(OnnxValue?[] others) => new(importer, proto, scope, others, opset, where);

    // Attributes

    /// <summary>The attribute, with references to a function's attributes replaced; null if it is not there.</summary>
    public AttributeProto? Attribute(string name)
    {
        foreach (var a in proto.Attributes)
            if (a.Name == name)
                return Resolve(a, scope.Attributes);
        return null;
    }

    public static AttributeProto? Resolve(AttributeProto a, IReadOnlyDictionary<string, AttributeProto>? outer) =>
        a.ReferenceName.Length == 0 ? a : outer?.GetValueOrDefault(a.ReferenceName) is { } found ? found with { Name = a.Name } : null;

    public long Int(string name, long missing) => Attribute(name)?.Int ?? missing;

    public long Int(string name) => Required(name).Int;

    public bool Flag(string name, bool missing = false) => Int(name, missing ? 1 : 0) != 0;

    public float Float(string name, float missing) => Attribute(name)?.Float ?? missing;

    public long[]? Ints(string name) => Attribute(name) is { } a ? [.. a.Ints] : null;

    public float[]? Floats(string name) => Attribute(name) is { } a ? [.. a.Floats] : null;

    public string Text(string name, string missing) => Attribute(name)?.Text ?? missing;

    public GraphProto Graph(string name) => Required(name).Graph ?? throw new ModelFormatException(where, $"a graph in attribute {name}", "none");

    public AttributeProto Required(string name) => Attribute(name) ?? throw new ModelFormatException(where, $"attribute {name}", "none");

    // Results

    /// <summary>A result of the type that the value's own element type stands for, or of the first input's type if both have the same carrier.</summary>
    public OnnxValue Same(Value value) => new OnnxValue.OfTensor(value,
        Has(0) && Any(0) is OnnxValue.OfTensor t && t.Value.Spec.Type == value.Spec.Type ? t.Type : ElementTypes.Natural(value.Spec.Type));

    public static OnnxValue As(Value value, OnnxDataType type) => new OnnxValue.OfTensor(value, type);

    public static OnnxValue Natural(Value value) => new OnnxValue.OfTensor(value, ElementTypes.Natural(value.Spec.Type));

    public OnnxUnsupportedException Unsupported(string why) => new(why);

    public ModelFormatException Bad(string expected, string found) => new(where, expected, found);

    /// <summary>Counts a negative axis from the end.</summary>
    public int Axis(long axis, int rank)
    {
        if (axis < -rank || axis >= Math.Max(rank, 1))
            throw Bad($"an axis in [{-rank}, {rank})", $"{axis}");
        return (int)(axis < 0 ? axis + rank : axis);
    }

    public int[] Axes(IEnumerable<long> axes, int rank) => [.. axes.Select(a => Axis(a, rank))];
}
