using System.Globalization;
using ExecuSharp.Core;

namespace ExecuSharp.Operators.Ir;

/// <summary>An argument of a graph node: nothing, a value, a literal, or a list of these.</summary>
public sealed class Argument
{
    private readonly object? payload;

    private Argument(object? payload) => this.payload = payload;

    /// <summary>Nothing (Python's None).</summary>
    public static Argument None { get; } = new(null);

    /// <summary>A value of the graph.</summary>
    public static implicit operator Argument(Value value) => new(value);

    /// <summary>An integer.</summary>
    public static implicit operator Argument(long value) => new(value);

    /// <summary>An integer.</summary>
    public static implicit operator Argument(int value) => new((long)value);

    /// <summary>A float.</summary>
    public static implicit operator Argument(double value) => new(value);

    /// <summary>A truth value.</summary>
    public static implicit operator Argument(bool value) => new(value);

    /// <summary>Text.</summary>
    public static implicit operator Argument(string value) => new(value);

    /// <summary>An element type.</summary>
    public static implicit operator Argument(ScalarType value) => new(value);

    /// <summary>A number of any kind.</summary>
    public static implicit operator Argument(Scalar value) => value.Kind switch
    {
        ScalarKind.Double => new(value.ToDouble()),
        ScalarKind.Bool => new(value.ToBool()),
        _ => new(value.ToLong()),
    };

    /// <summary>A list.</summary>
    public static implicit operator Argument(Argument[] items) => new(items);

    /// <summary>A list of values.</summary>
    public static implicit operator Argument(Value[] items) => new(Array.ConvertAll(items, v => (Argument)v));

    /// <summary>A list of integers.</summary>
    public static implicit operator Argument(long[] items) => new(Array.ConvertAll(items, v => (Argument)v));

    /// <summary>A list of integers.</summary>
    public static implicit operator Argument(int[] items) => new(Array.ConvertAll(items, v => (Argument)v));

    /// <summary>A list of floats.</summary>
    public static implicit operator Argument(double[] items) => new(Array.ConvertAll(items, v => (Argument)v));

    /// <summary>Something that only the graph layer knows, such as a sub-graph.</summary>
    public static Argument OfObject(object value) => new(value);

    /// <summary>True for nothing.</summary>
    public bool IsNone => payload is null;

    /// <summary>True for a value of the graph.</summary>
    public bool IsValue => payload is Value;

    /// <summary>True for a list.</summary>
    public bool IsList => payload is Argument[];

    /// <summary>True for a literal integer, float or truth value.</summary>
    public bool IsNumber => payload is long or double or bool;

    /// <summary>True for a literal integer.</summary>
    public bool IsInt => payload is long;

    /// <summary>True for a literal float.</summary>
    public bool IsDouble => payload is double;

    /// <summary>True for a literal truth value.</summary>
    public bool IsBool => payload is bool;

    /// <summary>True for text.</summary>
    public bool IsString => payload is string;

    /// <summary>True for an element type.</summary>
    public bool IsScalarType => payload is ScalarType;

    /// <summary>The value.</summary>
    public Value AsValue() => payload as Value ?? throw Wrong("a value");

    /// <summary>The value, or null for nothing.</summary>
    public Value? AsOptionalValue() => IsNone ? null : AsValue();

    /// <summary>The tensor's spec.</summary>
    public TensorSpec AsSpec() => AsValue().Spec;

    /// <summary>The integer; a truth value counts as 0 or 1, an element type as its number.</summary>
    public long AsInt() => payload switch
    {
        long i => i,
        bool b => b ? 1 : 0,
        ScalarType t => (long)t,
        Value { Size: { IsStatic: true } size } => size.Value,
        _ => throw Wrong("an integer"),
    };

    /// <summary>The integer as a size: a literal, or a run-time integer with its expression.</summary>
    public Dim AsDim() => payload switch
    {
        long i => i,
        Value { Size: { } size } => size,
        _ => throw Wrong("an integer or a size"),
    };

    /// <summary>The float; an integer is converted.</summary>
    public double AsDouble() => payload switch
    {
        double d => d,
        long i => i,
        bool b => b ? 1 : 0,
        _ => throw Wrong("a float"),
    };

    /// <summary>The number.</summary>
    public Scalar AsScalar() => payload switch
    {
        long i => i,
        double d => d,
        bool b => b,
        _ => throw Wrong("a number"),
    };

    /// <summary>The truth value.</summary>
    public bool AsBool() => payload switch
    {
        bool b => b,
        long i => i != 0,
        _ => throw Wrong("a truth value"),
    };

    /// <summary>The text.</summary>
    public string AsString() => payload as string ?? throw Wrong("text");

    /// <summary>The element type, given as such or by its number.</summary>
    public ScalarType AsScalarType() => payload switch
    {
        ScalarType t => t,
        long i => (ScalarType)i,
        _ => throw Wrong("an element type"),
    };

    /// <summary>The list.</summary>
    public IReadOnlyList<Argument> AsList() => payload as Argument[] ?? throw Wrong("a list");

    /// <summary>The list of literal integers.</summary>
    public long[] AsInts() => [.. AsList().Select(a => a.AsInt())];

    /// <summary>The list as sizes.</summary>
    public Dim[] AsDims() => [.. AsList().Select(a => a.AsDim())];

    /// <summary>The object of the graph layer.</summary>
    public T AsObject<T>() where T : class => payload as T ?? throw Wrong(typeof(T).Name);

    /// <summary>The payload, for writers that must handle every kind: null, Value, long, double, bool, string, ScalarType, Argument[], or an object of the graph layer.</summary>
    public object? Payload => payload;

    /// <summary>All values in it, also in nested lists, in order.</summary>
    public IEnumerable<Value> Values()
    {
        if (payload is Value value)
            yield return value;
        else if (payload is Argument[] items)
            foreach (var item in items)
                foreach (var inner in item.Values())
                    yield return inner;
    }

    /// <summary>The same argument with each value replaced.</summary>
    public Argument Map(Func<Value, Value> map) => payload switch
    {
        Value value => map(value) is var mapped && ReferenceEquals(mapped, value) ? this : mapped,
        Argument[] items => MapList(items, map),
        _ => this,
    };

    /// <inheritdoc/>
    public override string ToString() => payload switch
    {
        null => "None",
        Value value => "%" + value.Name,
        Argument[] items => "[" + string.Join(", ", (object[])items) + "]",
        string text => "\"" + text + "\"",
        bool b => b ? "True" : "False",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => payload.ToString()!,
    };

    private Argument MapList(Argument[] items, Func<Value, Value> map)
    {
        var mapped = Array.ConvertAll(items, i => i.Map(map));
        for (int i = 0; i < items.Length; i++)
            if (!ReferenceEquals(items[i], mapped[i]))
                return mapped;
        return this;
    }

    private InvalidOperationException Wrong(string wanted) => new($"an argument is {this}, {wanted} is needed");
}
