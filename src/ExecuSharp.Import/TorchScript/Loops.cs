using ExecuSharp.Core;
using ExecuSharp.Import.TorchScript.Operators;
using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript;

/// <summary>Loops whose number of rounds is known only at run time, as nodes with graphs for the condition and the body.</summary>
internal static class Loops
{
    /// <summary>Adds a loop.</summary>
    /// <param name="caller">Calls operators.</param>
    /// <param name="initial">Values that the body changes: tensors and numbers.</param>
    /// <param name="condition">Whether to go on, from the values.</param>
    /// <param name="body">The values after a round.</param>
    /// <returns>The values after the last round.</returns>
    /// <exception cref="InvalidOperationException">A value changes its type or sizes, or is neither tensor nor number.</exception>
    public static ScriptValue[] While(OperatorCaller caller, ScriptValue[] initial, Func<ScriptValue[], ScriptValue> condition, Func<ScriptValue[], ScriptValue[]> body)
    {
        var context = caller.Context;
        var carried = Array.ConvertAll(initial, v => Content(context, v, null));
        // each graph has inputs of its own for the values, in the same order
        var operands = Array.ConvertAll(carried, v => new Value("carried", v.Spec));
        ScriptValue[] Inside() => [.. operands.Select((o, i) => Wrap(context, o, initial[i]))];
        Value? test = null;
        var testScope = context.Builder.Branch(operands, () => test = Content(context, condition(Inside()), ScalarType.Bool));
        Value[] results = [];
        var bodyScope = context.Builder.Branch(testScope.Operands.ToArray(), () => results = Results(context, body(Inside()), operands));
        var outputs = context.Builder.While(carried, testScope, test!, bodyScope, results);
        return [.. outputs.Select((o, i) => Wrap(context, o, initial[i]))];
    }

    private static Value[] Results(ScriptContext context, ScriptValue[] values, Value[] operands)
    {
        var results = new Value[values.Length];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Content(context, values[i], operands[i].Spec.Type);
            var (before, after) = (operands[i].Spec, results[i].Spec);
            if (before.Type != after.Type || !before.Sizes.AsSpan().SequenceEqual(after.Sizes))
                throw new InvalidOperationException($"a loop whose number of rounds is known only at run time changes a tensor from {before} to {after}");
        }
        return results;
    }

    private static ScriptValue Wrap(ScriptContext context, Value value, ScriptValue like) =>
        like is ScriptValue.Tensor ? ScriptContext.Own(value) : new ScriptValue.Literal(context.Item(ScriptContext.Own(value)));

    private static Value Content(ScriptContext context, ScriptValue value, ScalarType? type)
    {
        if (value is ScriptValue.Tensor { Quantization: null } tensor)
            return context.Read(tensor);
        if (!value.IsNumber())
            throw new InvalidOperationException($"a {value.Kind()} is changed by a loop whose number of rounds is known only at run time");
        var number = ((ScriptValue.Literal)value).Value;
        if (number.IsValue && context.Source(number.AsValue()) is { } source && (type is null || type == source.Spec.Type))
            return source;
        var natural = value.IsBool() ? ScalarType.Bool : value.IsInt() ? ScalarType.Long : ScalarType.Double;
        return ((IGraphBuilder)context.Builder).Call("aten::scalar_tensor", number, type ?? natural);
    }
}
