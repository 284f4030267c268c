using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript;

/// <summary>Truth values, and the results of two branches of which only one runs.</summary>
internal static class Conditions
{
    /// <summary>The truth value if it is known, else the run-time value that decides.</summary>
    public static (bool? Known, Value? Decider) Test(ScriptContext context, ScriptValue value)
    {
        var argument = value switch
        {
            ScriptValue.Tensor tensor => context.Item(tensor),
            ScriptValue.Literal literal => literal.Value,
            _ => throw new InvalidOperationException($"a {value.Kind()} is used as a condition"),
        };
        if (argument.IsNumber)
            return (ScriptValues.Number(argument) != 0, null);
        return argument.IsValue ? (null, argument.AsValue()) : throw new InvalidOperationException($"{argument} is used as a condition");
    }

    /// <summary>Runs both branches and joins what they give.</summary>
    /// <param name="context">Where the nodes go.</param>
    /// <param name="decider">The condition.</param>
    /// <param name="first">The branch for true; gives its results.</param>
    /// <param name="second">The branch for false.</param>
    public static ScriptValue[] Both(ScriptContext context, Value decider, Func<ScriptValue[]> first, Func<ScriptValue[]> second)
    {
        ScriptValue[] a = [], b = [];
        var firstScope = context.Builder.Branch([], () => Touch(context, a = first()));
        var secondScope = context.Builder.Branch(firstScope.Operands.ToArray(), () => Touch(context, b = second()));
        if (a.Length != b.Length)
            throw new InvalidOperationException("the branches of a condition known only at run time give different numbers of results");
        var pairs = new List<(Value First, Value Second)>();
        var plans = new Func<Value[], ScriptValue>[a.Length];
        for (int i = 0; i < a.Length; i++)
            plans[i] = Join(context, a[i], b[i], pairs);
        if (pairs.Count == 0)
            return Array.ConvertAll(plans, p => p([]));
        var results = context.Builder.Cond(decider, firstScope, [.. pairs.Select(p => p.First)], secondScope, [.. pairs.Select(p => p.Second)]);
        return Array.ConvertAll(plans, p => p(results));
    }

    // views are read inside the branch that made them
    private static void Touch(ScriptContext context, IEnumerable<ScriptValue> values)
    {
        foreach (var value in values)
        {
            if (value is ScriptValue.Tensor tensor)
                context.Read(tensor);
            else if (value.TryElements() is { } items)
                Touch(context, items);
        }
    }

    private static Func<Value[], ScriptValue> Join(ScriptContext context, ScriptValue a, ScriptValue b, List<(Value, Value)> pairs)
    {
        if (ReferenceEquals(a, b) || b is ScriptValue.Uninitialized)
            return _ => a;
        if (a is ScriptValue.Uninitialized)
            return _ => b;
        if (a is ScriptValue.Tensor x && b is ScriptValue.Tensor y)
        {
            if (ReferenceEquals(x.Handle, y.Handle))
                return _ => a;
            if (x.Quantization != y.Quantization)
                throw new InvalidOperationException("the branches of a condition known only at run time give tensors quantized in different ways");
            int index = pairs.Count;
            pairs.Add((context.Read(x), context.Read(y)));
            return results => ScriptContext.Own(results[index]);
        }
        if (a.TryElements() is { } p && b.TryElements() is { } q && p.Count == q.Count)
        {
            var plans = p.Zip(q, (l, r) => Join(context, l, r, pairs)).ToArray();
            return a is ScriptValue.List ? r => new ScriptValue.List(plans.Select(f => f(r))) : r => new ScriptValue.Tuple([.. plans.Select(f => f(r))]);
        }
        if (ScriptValues.AreEqual(a, b) == true)
            return _ => a;
        throw new InvalidOperationException($"the branches of a condition known only at run time give a {a.Kind()} and a {b.Kind()} that differ");
    }
}
