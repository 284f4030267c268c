using ExecuSharp.Core;
using ExecuSharp.Import.Functional;
using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>Turns values into arguments of the graph.</summary>
internal sealed class ArgumentBinder(ScriptContext context)
{
    /// <summary>Arguments in schema order and the tensor objects behind them; those missing at the end are left out.</summary>
    public (Argument[] Args, TensorHandle?[] Handles) Bind(OverloadMatch match)
    {
        var schema = match.Definition.Schema.Arguments;
        int count = match.Slots.Length;
        while (count > 0 && match.Slots[count - 1] is null)
            count--;
        var args = new Argument[count];
        var handles = new TensorHandle?[count];
        for (int i = 0; i < count; i++)
        {
            args[i] = match.Slots[i] is { } value ? Convert(value, schema[i]) : schema[i].Default ?? Argument.None;
            handles[i] = (match.Slots[i] as ScriptValue.Tensor)?.Handle;
        }
        return (args, handles);
    }

    private Argument Convert(ScriptValue value, SchemaArgument argument)
    {
        if (value.IsNone)
            return argument.Type == ArgumentType.MemoryFormat && !argument.Optional ? argument.Default ?? 0L : Argument.None;
        if (value is ScriptValue.Tensor tensor)
            return argument.Type == ArgumentType.Tensor ? context.Read(tensor) : Number(context.Item(tensor), argument.Type);
        if (value.TryElements() is { } items)
            return items.Select(i => Element(i, argument.Type)).ToArray();
        if (value is not ScriptValue.Literal literal)
            throw new InvalidOperationException($"a {value.Kind()} is given for {argument.Name}");
        return Number(literal.Value, argument.Type);
    }

    private Argument Element(ScriptValue item, ArgumentType list)
    {
        if (item is ScriptValue.Tensor tensor)
            return list is ArgumentType.TensorList or ArgumentType.OptionalTensorList ? context.Read(tensor) : context.Item(tensor);
        return item is ScriptValue.Literal literal
            ? list == ArgumentType.DoubleList ? Number(literal.Value, ArgumentType.Double) : literal.Value
            : throw new InvalidOperationException($"a {item.Kind()} in a list of arguments");
    }

    private static Argument Number(Argument value, ArgumentType type) => type switch
    {
        ArgumentType.Double when value.IsInt => (double)value.AsInt(),
        ArgumentType.Int when value.IsBool => value.AsBool() ? 1L : 0L,
        ArgumentType.Bool when value.IsInt => value.AsInt() != 0,
        ArgumentType.ScalarType when value.IsInt => (ScalarType)value.AsInt(),
        ArgumentType.DoubleList when value.IsInt => (double)value.AsInt(),
        _ => value,
    };
}
