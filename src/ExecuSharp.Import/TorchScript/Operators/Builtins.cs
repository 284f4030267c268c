using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>Operators that are no rows of the operator table: on numbers, lists, text, modules; and those with forms of their own.</summary>
internal static class Builtins
{
    private static readonly Func<OperatorCaller, string, IReadOnlyList<ScriptValue>, IReadOnlyList<KeyValuePair<string, ScriptValue>>, ScriptValue[]?>[] Families =
    [
        static (c, n, a, _) => ControlBuiltins.TryCall(c, n, a),
        static (c, n, a, _) => NumberBuiltins.TryCall(c.Context, n, a),
        static (c, n, a, _) => ListBuiltins.TryCall(c, n, a),
        static (_, n, a, _) => TextBuiltins.TryCall(n, a),
        TensorBuiltins.TryCall,
        static (c, n, a, k) => QuantizedOperators.TryCall(c, n, a, k),
        static (c, n, a, _) => PrepackedOperators.TryCall(c, n, a),
        static (c, n, a, _) => AttentionOperators.TryCall(c, n, a),
    ];

    /// <summary>Computes or translates a call; null if it is none of these.</summary>
    public static ScriptValue[]? TryCall(OperatorCaller caller, string name, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords)
    {
        string plain = name.StartsWith("prim::", StringComparison.Ordinal) ? "aten::" + name[6..] : name;
        foreach (var family in Families)
            if (family(caller, plain, args, keywords) is { } results)
                return results;
        return null;
    }
}
