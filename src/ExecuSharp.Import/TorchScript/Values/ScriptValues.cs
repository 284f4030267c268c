using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript.Values;

/// <summary>Questions about values.</summary>
internal static class ScriptValues
{
    /// <summary>The number if it is a literal one.</summary>
    public static Argument? Known(this ScriptValue value) => value is ScriptValue.Literal { Value.IsNumber: true } literal ? literal.Value : null;

    /// <summary>A number, literal or at run time.</summary>
    public static bool IsNumber(this ScriptValue value) => value is ScriptValue.Literal { Value: var v } && (v.IsNumber || (v.IsValue && v.AsValue().Kind != ValueKind.Tensor));

    public static bool IsInt(this ScriptValue value) => value is ScriptValue.Literal { Value: var v } && (v.IsInt || (v.IsValue && v.AsValue().Kind == ValueKind.Int));

    public static bool IsBool(this ScriptValue value) => value is ScriptValue.Literal { Value: var v } && (v.IsBool || (v.IsValue && v.AsValue().Kind == ValueKind.Bool));

    public static bool IsFloat(this ScriptValue value) => value is ScriptValue.Literal { Value: var v } && (v.IsDouble || (v.IsValue && v.AsValue().Kind == ValueKind.Double));

    public static string? Text(this ScriptValue value) => value is ScriptValue.Literal { Value.IsString: true } literal ? literal.Value.AsString() : null;

    /// <summary>TorchScript's <c>isinstance</c>: true if the value is of one of the types, by their names.</summary>
    public static ScriptValue IsInstance(ScriptValue value, IEnumerable<string> types) => types.Any(name => name switch
    {
        "Tensor" => value is ScriptValue.Tensor or ScriptValue.UnknownInput,
        "int" => value.IsInt(),
        "float" => value.IsFloat(),
        "bool" => value.IsBool(),
        "str" => value.Text() is not null,
        "NoneType" => value.IsNone,
        _ when name.StartsWith("List", StringComparison.OrdinalIgnoreCase) => value is ScriptValue.List,
        _ when name.StartsWith("Tuple", StringComparison.OrdinalIgnoreCase) => value is ScriptValue.Tuple,
        _ when name.StartsWith("Dict", StringComparison.OrdinalIgnoreCase) => value is ScriptValue.Dict,
        _ => value is ScriptValue.Object o && o.Type == name,
    });

    /// <summary>The integer.</summary>
    /// <exception cref="InvalidOperationException">It is none, or known only at run time.</exception>
    public static long Int(this ScriptValue value) => value.Known() is { } known
        ? known.IsBool ? (known.AsBool() ? 1 : 0) : known.IsInt ? known.AsInt() : throw new InvalidOperationException($"{known} is no integer")
        : throw new InvalidOperationException(value.IsNumber() ? "an integer known only at run time cannot be used here" : $"a {Kind(value)} cannot be used as an integer");

    /// <summary>The elements of a list or tuple.</summary>
    /// <exception cref="InvalidOperationException">It is neither.</exception>
    public static IReadOnlyList<ScriptValue> Elements(this ScriptValue value) => value.TryElements() ?? throw new InvalidOperationException($"a {Kind(value)} has no elements");

    /// <summary>The elements of a list or tuple, or null.</summary>
    public static IReadOnlyList<ScriptValue>? TryElements(this ScriptValue value) => value switch
    {
        ScriptValue.List l => l.Items,
        ScriptValue.Tuple t => t.Items,
        _ => null,
    };

    /// <summary>A word for messages.</summary>
    public static string Kind(this ScriptValue value) => value switch
    {
        ScriptValue.Literal { Value: { IsNone: true } } => "None",
        ScriptValue.Literal { Value: { IsString: true } } => "string",
        ScriptValue.Literal => "number",
        ScriptValue.Object o => o.Type,
        _ => value.GetType().Name.ToLowerInvariant(),
    };

    /// <summary>Equality as of <c>==</c>; null if it is known only at run time.</summary>
    public static bool? AreEqual(ScriptValue a, ScriptValue b)
    {
        if (a is ScriptValue.Literal x && b is ScriptValue.Literal y)
        {
            if (x.Value.IsNumber && y.Value.IsNumber)
                return x.Value.IsDouble || y.Value.IsDouble ? Number(x.Value) == Number(y.Value) : a.Int() == b.Int();
            if (x.Value.IsValue || y.Value.IsValue)
                return ReferenceEquals(x.Value.Payload, y.Value.Payload) ? true : null;
            return Equals(x.Value.Payload, y.Value.Payload);
        }
        if (a.TryElements() is { } p && b.TryElements() is { } q)
        {
            if (p.Count != q.Count)
                return false;
            bool? all = true;
            for (int i = 0; i < p.Count; i++)
            {
                if (AreEqual(p[i], q[i]) is not { } equal)
                    all = null;
                else if (!equal)
                    return false;
            }
            return all;
        }
        return ReferenceEquals(a, b);
    }

    /// <summary>A literal number as a double.</summary>
    public static double Number(Argument value) => value.IsBool ? value.AsBool() ? 1 : 0 : value.IsInt ? value.AsInt() : value.AsDouble();

    /// <summary>Text as <c>str.format</c> writes it.</summary>
    public static string Write(ScriptValue value) => value switch
    {
        ScriptValue.Literal { Value: { IsString: true } text } => text.AsString(),
        ScriptValue.Literal l => l.Value.ToString(),
        ScriptValue.List l => "[" + string.Join(", ", l.Items.Select(Write)) + "]",
        ScriptValue.Tuple t => "(" + string.Join(", ", t.Items.Select(Write)) + ")",
        _ => Kind(value),
    };

    /// <summary>The element type of a literal.</summary>
    public static ScalarType Type(Argument number) => number.IsBool ? ScalarType.Bool : number.IsInt ? ScalarType.Long : ScalarType.Float;
}
