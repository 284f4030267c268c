using ExecuSharp.Core;
using ExecuSharp.Import.Functional;
using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>Calls operators by name on symbolic values: what is known is computed, the rest goes into the graph.</summary>
internal sealed class OperatorCaller(ScriptContext context)
{
    // it writes its running statistics; only the form without side effects has a row
    private const string BatchNormWithUpdate = "aten::_batch_norm_with_update";

    private readonly OverloadIndex index = new(OperatorTable.Default);
    private readonly ArgumentBinder binder = new(context);

    public ScriptContext Context => context;

    /// <summary>Calls an operator and gives its results.</summary>
    /// <param name="name">Name with namespace, without overload.</param>
    /// <param name="overload">The overload, or null to choose it by the arguments.</param>
    /// <param name="args">By position.</param>
    /// <param name="keywords">By name.</param>
    /// <exception cref="UnsupportedModelException">No such operator, and nothing can stand in for its result.</exception>
    /// <exception cref="InvalidOperationException">The arguments do not fit.</exception>
    public ScriptValue[] Call(string name, string? overload, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords)
    {
        context.Step();
        foreach (var arg in args)
            if (arg is ScriptValue.UnknownInput unknown)
                throw InputProbe.Needed(context, unknown, name, args);
        if (Builtins.TryCall(this, name, args, keywords) is { } known)
            return known;
        if (Choose(name, overload, args, keywords) is not { } match)
            return index.Has(FunctionalName(name)) || index.Has(name)
                ? throw new InvalidOperationException($"{name} has no overload for ({string.Join(", ", args.Select(Describe))}{string.Concat(keywords.Select(k => $", {k.Key}={Describe(k.Value)}"))})")
                : Unknown(name, args);
        return args.Any(a => a is ScriptValue.Tensor { Quantization: not null }) || args.Any(a => a is ScriptValue.List l && l.Items.Any(i => i is ScriptValue.Tensor { Quantization: not null }))
            ? QuantizedOperators.CallOnCodes(this, name, match)
            : Call(name, match);
    }

    /// <summary>Calls an operator with one result.</summary>
    public ScriptValue One(string name, params ScriptValue[] args) => Call(name, null, args, [])[0];

    /// <summary>Calls an operator whose arguments are in place.</summary>
    public ScriptValue[] Call(string name, OverloadMatch match)
    {
        var (args, handles) = binder.Bind(match);
        if (Functionalizer.WritesFirst(name) && handles is [{ } target, ..] && context.Builder.IsOuter(context.Functional.ReadMemory(target)))
            throw new InvalidOperationException($"{name} writes a tensor from a branch or loop known only at run time; this is not supported");
        string op = name == BatchNormWithUpdate ? name : InPlaceOperators.Functional(name) is not null ? InPlace(name, match.Definition.Name) : match.Definition.Name;
        var results = context.Functional.Call(op, args, handles);
        var values = results.Select(r => r.Tensor is { } tensor ? new ScriptValue.Tensor(tensor) : ScriptContext.Number(r.Number!));
        return match.Definition.Schema.Returns is [var single] && single.EndsWith("[]", StringComparison.Ordinal) ? [new ScriptValue.List(values)]
            : [.. values.Take(match.Definition.Schema.Returns.Count)];
    }

    private static string FunctionalName(string name) => InPlaceOperators.Functional(name) ?? name;

    // aten::add_ with the row aten::add.Tensor: aten::add_.Tensor
    private static string InPlace(string name, string row)
    {
        int dot = row.IndexOf('.');
        return dot < 0 ? name : name + row[dot..];
    }

    private OverloadMatch? Choose(string name, string? overload, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords)
    {
        string functional = index.Has(name) ? name : FunctionalName(name);
        if (functional is "aten::zero")
            functional = "aten::zeros_like";
        else if (functional is BatchNormWithUpdate)
            functional = BatchNormWithUpdate + "_functional";
        if (overload is not null && OperatorTable.Default.Find(overload.Length == 0 ? functional : functional + "." + overload) is { } exact
            && OverloadMatch.Try(exact, args, keywords, allPositional: true) is { } fit)
            return fit;
        return index.Find(functional).Select(d => OverloadMatch.Try(d, args, keywords, allPositional: overload is not null)).OfType<OverloadMatch>().MinBy(m => m.Cost);
    }

    /// <summary>Notes the operator and goes on with a stand-in, so that others can be found in the same run.</summary>
    private ScriptValue[] Unknown(string name, IReadOnlyList<ScriptValue> args)
    {
        var item = new UnsupportedItem($"operator {name}", context.Builder.Name ?? name, "it is not in the operator table");
        context.Problems.Add(item);
        return args.OfType<ScriptValue.Tensor>().FirstOrDefault() is { } like ? [like] : throw new UnsupportedModelException(name, [item]);
    }

    private string Describe(ScriptValue value) => value switch
    {
        ScriptValue.Tensor t => context.Spec(t).ToString(),
        ScriptValue.List l => "[" + string.Join(", ", l.Items.Select(Describe)) + "]",
        ScriptValue.Literal l => l.Value.ToString(),
        _ => value.Kind(),
    };
}
