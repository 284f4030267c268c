using ExecuSharp.Formats.TorchScript;
using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Source;

/// <summary>Evaluates calls: of operators, functions, methods and the words of the language.</summary>
internal sealed class CallEvaluator(SourceProgram program, ExpressionEvaluator expressions)
{
    public ScriptValue Call(ScriptExpression.Call call, SourceFrame frame)
    {
        if (call.Callee is ScriptExpression.Name name && !frame.Variables.ContainsKey(name.Text))
            return Word(name.Text, call, frame);
        string? dotted = call.Callee.Dotted();
        if (dotted is not null && !frame.Variables.ContainsKey(dotted.Split('.')[0]))
        {
            var keywords = call.Keywords.Select(k => KeyValuePair.Create(k.Key, expressions.Evaluate(k.Value, frame))).ToArray();
            if (dotted.EndsWith(".__new__", StringComparison.Ordinal))
                return program.CallNamed(dotted, [], [], frame.Depth);
            var args = Arguments(call.Arguments, frame);
            if (dotted.StartsWith("torch.", StringComparison.Ordinal))
                return Operator("aten::" + dotted["torch.".Length..], args, keywords);
            if (dotted.StartsWith("ops.", StringComparison.Ordinal) && dotted.IndexOf('.', 4) is var dot && dot > 0)
                return Operator(dotted[4..dot] + "::" + dotted[(dot + 1)..], args, keywords);
            if (dotted.StartsWith("__torch__.", StringComparison.Ordinal))
                return program.CallNamed(dotted, args, keywords, frame.Depth);
        }
        return Value(call, frame);
    }

    private ScriptValue[] Arguments(IReadOnlyList<ScriptExpression> arguments, SourceFrame frame)
    {
        var values = new ScriptValue[arguments.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = expressions.Evaluate(arguments[i], frame);
        return values;
    }

    private ScriptValue Operator(string name, ScriptValue[] args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords)
    {
        if (name == "aten::dict" && args.Length == 0)
            return new ScriptValue.Dict();
        var results = program.Caller.Call(name, null, args, keywords);
        return results.Length switch
        {
            0 => ScriptValue.None,
            1 => results[0],
            _ => new ScriptValue.Tuple(results),
        };
    }

    private ScriptValue Value(ScriptExpression.Call call, SourceFrame frame)
    {
        var args = Arguments(call.Arguments, frame);
        var keywords = call.Keywords.Select(k => KeyValuePair.Create(k.Key, expressions.Evaluate(k.Value, frame))).ToArray();
        if (call.Callee is ScriptExpression.Attribute method)
        {
            var owner = expressions.Evaluate(method.Owner, frame);
            return owner switch
            {
                ScriptValue.Object o => program.CallMethod(o, method.Member, args, keywords, frame.Depth),
                ScriptValue.Callable c => program.CallNamed($"{c.QualifiedName}.{method.Member}", args, keywords, frame.Depth),
                _ => Operator("aten::" + method.Member, [owner, .. args], keywords),
            };
        }
        return expressions.Evaluate(call.Callee, frame) is ScriptValue.Callable function
            ? program.CallNamed(function.QualifiedName, args, keywords, frame.Depth)
            : throw new InvalidOperationException($"{call.Callee.TypeText()} cannot be called");
    }

    private ScriptValue Word(string word, ScriptExpression.Call call, SourceFrame frame)
    {
        switch (word)
        {
            case "uninitialized":
                return new ScriptValue.Uninitialized();
            case "annotate" or "unchecked_cast" when call.Arguments.Count == 2:
                return Typed(call.Arguments[0].TypeText(), expressions.Evaluate(call.Arguments[1], frame));
            case "isinstance" when call.Arguments.Count == 2:
                return IsInstance(expressions.Evaluate(call.Arguments[0], frame), call.Arguments[1]);
        }
        var args = Arguments(call.Arguments, frame);
        return word switch
        {
            "getattr" => expressions.Member(args[0], args[1].Text() ?? throw new InvalidOperationException("getattr without a name")),
            "hasattr" => args[0] is ScriptValue.Object o && o.Attributes.ContainsKey(args[1].Text() ?? ""),
            "int" => program.Caller.One("aten::Int", args),
            "float" => program.Caller.One("aten::Float", args),
            "bool" => program.Caller.One("aten::Bool", args),
            "print" => ScriptValue.None,
            "range" => Range(args),
            _ => Operator("aten::" + word, args, []),
        };
    }

    /// <summary>A tensor where a number is wanted becomes its element.</summary>
    public ScriptValue Typed(string type, ScriptValue value) => (type, value) switch
    {
        ("int", ScriptValue.Tensor) => program.Caller.One("aten::Int", value),
        ("float", ScriptValue.Tensor) => program.Caller.One("aten::Float", value),
        ("bool", ScriptValue.Tensor) => program.Caller.One("aten::Bool", value),
        ("number", ScriptValue.Tensor) => program.Caller.One("aten::item", value),
        _ => value,
    };

    private static ScriptValue IsInstance(ScriptValue value, ScriptExpression type) =>
        ScriptValues.IsInstance(value, (type is ScriptExpression.TupleOf t ? t.Items : [type]).Select(x => x.TypeText()));

    private static ScriptValue.List Range(ScriptValue[] args)
    {
        long start = args.Length > 1 ? args[0].Int() : 0;
        long end = args[args.Length > 1 ? 1 : 0].Int();
        long step = args.Length > 2 ? args[2].Int() : 1;
        if (step == 0 || Math.Abs((double)end - start) / Math.Abs((double)step) > 1_000_000)
            throw new InvalidOperationException($"a range from {start} to {end} by {step}");
        var items = new List<ScriptValue>();
        for (long i = start; step > 0 ? i < end : i > end; i += step)
            items.Add(i);
        return new ScriptValue.List(items);
    }
}
