using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>How well given arguments fit a schema, and which goes where.</summary>
/// <param name="Definition">The operator.</param>
/// <param name="Slots">The value for each schema argument; null where the default is taken.</param>
/// <param name="Cost">0 if no conversion is needed.</param>
internal sealed record OverloadMatch(OperatorDefinition Definition, ScriptValue?[] Slots, int Cost)
{
    private const int Impossible = 1000;

    /// <summary>Fits arguments to a schema, or gives null.</summary>
    /// <param name="definition">The operator.</param>
    /// <param name="args">By position.</param>
    /// <param name="keywords">By name.</param>
    /// <param name="allPositional">Keyword-only arguments are given by position too, as in bytecode.</param>
    public static OverloadMatch? Try(OperatorDefinition definition, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords, bool allPositional)
    {
        var schema = definition.Schema.Arguments;
        var slots = new ScriptValue?[schema.Count];
        int cost = 0;
        for (int i = 0; i < args.Count; i++)
        {
            if (i < schema.Count && (allPositional || !schema[i].KeywordOnly))
                slots[i] = args[i];
            else if (IsEmpty(args[i]))
                cost++;
            else
                return null;
        }
        foreach (var (name, value) in keywords)
        {
            int index = definition.Schema.IndexOf(name);
            if (index >= 0 && slots[index] is null)
                slots[index] = value;
            else if (index >= 0 || !IsIgnorable(name))
                return null;
        }
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] is not { } value)
            {
                if (schema[i].Default is null && !schema[i].Optional)
                    return null;
                continue;
            }
            cost += CostOf(value, schema[i]);
            if (cost >= Impossible)
                return null;
        }
        return new OverloadMatch(definition, slots, cost);
    }

    private static bool IsIgnorable(string name) => name is "device" or "layout" or "pin_memory" or "non_blocking" or "generator" or "memory_format" or "implicit" or "allow_tf32";

    private static bool IsEmpty(ScriptValue value) => value.IsNone || (value is ScriptValue.Literal l && (l.Value.IsBool || l.Value.IsString || l.Value.IsInt));

    private static int CostOf(ScriptValue value, SchemaArgument argument)
    {
        if (value.IsNone)
            return argument.Optional || argument.Type is ArgumentType.Layout or ArgumentType.Device or ArgumentType.MemoryFormat ? 0 : Impossible;
        bool tensor = value is ScriptValue.Tensor;
        switch (argument.Type)
        {
            case ArgumentType.Tensor:
                return tensor ? 0 : value.IsNumber() ? 20 : Impossible;
            case ArgumentType.Scalar:
                return tensor ? 40 : value.IsBool() ? 2 : value.IsNumber() ? 0 : Impossible;
            case ArgumentType.Int:
                return value.IsInt() ? 0 : tensor ? 40 : value.IsBool() ? 3 : Impossible;
            case ArgumentType.Double:
                return value.IsFloat() ? 0 : value.IsInt() ? 1 : tensor ? 40 : Impossible;
            case ArgumentType.Bool:
                return value.IsBool() ? 0 : tensor ? 40 : value.IsInt() ? 30 : Impossible;
            case ArgumentType.String:
                return value.Text() is null ? Impossible : 0;
            case ArgumentType.ScalarType or ArgumentType.Layout or ArgumentType.MemoryFormat:
                return value.IsInt() ? 0 : argument.Type == ArgumentType.ScalarType || value.Text() is null ? Impossible : 0;
            case ArgumentType.Device:
                return value.Text() is null ? Impossible : 0;
            default:
                return ListCost(value, argument);
        }
    }

    private static int ListCost(ScriptValue value, SchemaArgument argument)
    {
        if (value.TryElements() is not { } items)
            return argument.Type == ArgumentType.IntList && argument.ListSize > 0 && value.IsInt() ? 1
                : argument.Type == ArgumentType.DoubleList && argument.ListSize > 0 && value.IsNumber() ? 1 : Impossible;
        int cost = 0;
        foreach (var item in items)
            cost += argument.Type switch
            {
                ArgumentType.TensorList => item is ScriptValue.Tensor ? 0 : Impossible,
                ArgumentType.OptionalTensorList => item is ScriptValue.Tensor ? 0 : item.IsNone ? 0 : Impossible,
                ArgumentType.IntList => item.IsInt() ? 0 : item is ScriptValue.Tensor ? 1 : Impossible,
                ArgumentType.DoubleList => item.IsFloat() ? 0 : item.IsNumber() ? 1 : Impossible,
                ArgumentType.BoolList => item.IsBool() ? 0 : Impossible,
                _ => Impossible,
            };
        return Math.Min(cost, Impossible);
    }
}
