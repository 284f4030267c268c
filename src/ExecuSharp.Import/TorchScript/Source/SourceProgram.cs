using ExecuSharp.Core;
using ExecuSharp.Formats.TorchScript;
using ExecuSharp.Import.TorchScript.Operators;
using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Source;

/// <summary>Executes the source code of a file.</summary>
internal sealed class SourceProgram : IScriptProgram
{
    private const int MaxCalls = 100;

    private readonly TorchScriptArchive archive;
    private readonly StatementExecutor statements;
    private readonly Func<int, ScriptValue> constant;

    public SourceProgram(TorchScriptArchive archive, OperatorCaller caller, Func<int, ScriptValue> constant)
    {
        (this.archive, this.constant, Caller) = (archive, constant, caller);
        statements = new StatementExecutor(this);
    }

    public OperatorCaller Caller { get; }

    public IReadOnlyList<ScriptInput>? Inputs(ScriptValue.Object module, string method)
    {
        if (archive.FindClass(module.Type)?.Methods.GetValueOrDefault(method) is not { } function)
            return null;
        var frame = new SourceFrame(module.Type, 0);
        return [.. function.Parameters.Skip(1).Select(p => new ScriptInput(p.Name, p.Type, p.Default is null ? null : statements.Expressions.Evaluate(p.Default, frame)))];
    }

    public bool Has(ScriptValue.Object owner, string method) => archive.FindClass(owner.Type)?.Methods.ContainsKey(method) ?? false;

    public ScriptValue Run(ScriptValue.Object owner, string method, IReadOnlyList<ScriptValue> args) => CallMethod(owner, method, args, [], 0);

    /// <summary>A value of <c>CONSTANTS</c>.</summary>
    public ScriptValue Constant(int index) => constant(index);

    /// <summary>An attribute that the class has as a constant, or null.</summary>
    public ScriptValue? ClassConstant(ScriptValue.Object owner, string name) =>
        archive.FindClass(owner.Type)?.Constants.GetValueOrDefault(name) is { } value ? statements.Expressions.Evaluate(value, new SourceFrame(owner.Type, 0)) : null;

    /// <summary>Calls a method of an object.</summary>
    public ScriptValue CallMethod(ScriptValue.Object owner, string method, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords, int depth)
    {
        if (archive.FindClass(owner.Type)?.Methods.GetValueOrDefault(method) is { } function)
            return Call(function, $"{owner.Type}.{method}", [owner, .. args], keywords, depth);
        if (owner.State is not null && method is "unpack" or "__getstate__")
        {
            var weights = PackedWeights.Open(Caller.Context, owner);
            return new ScriptValue.Tuple([weights.Weight, weights.Bias]);
        }
        throw new InvalidOperationException($"{owner.Type} has no method {method}");
    }

    /// <summary>Calls a function, or makes an object of a class.</summary>
    public ScriptValue CallNamed(string name, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords, int depth)
    {
        if (archive.FindFunction(name) is { } function)
            return Call(function, name, args, keywords, depth);
        if (name.EndsWith(".__new__", StringComparison.Ordinal))
            return new ScriptValue.Object(name[..^".__new__".Length], "");
        if (archive.FindClass(name) is not { } type)
        {
            int dot = name.LastIndexOf('.');
            if (dot > 0 && archive.FindClass(name[..dot])?.Methods.GetValueOrDefault(name[(dot + 1)..]) is { } method)
                return Call(method, name, args, keywords, depth);
            throw new ModelFormatException("code/", $"the function {name}", "none");
        }
        if (type.Base == "NamedTuple")
            return new ScriptValue.Tuple([.. args], [.. type.Fields.Select(f => f.Key)]);
        var made = new ScriptValue.Object(name, "");
        if (type.Methods.ContainsKey("__init__"))
            CallMethod(made, "__init__", args, keywords, depth);
        return made;
    }

    private ScriptValue Call(ScriptFunction function, string name, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords, int depth)
    {
        if (depth >= MaxCalls)
            throw new InvalidOperationException($"more than {MaxCalls} calls inside each other, at {name}");
        Caller.Context.Step();
        var frame = new SourceFrame(name, depth + 1);
        for (int i = 0; i < function.Parameters.Count; i++)
        {
            var parameter = function.Parameters[i];
            frame.Variables[parameter.Name] = i < args.Count ? args[i]
                : keywords.FirstOrDefault(k => k.Key == parameter.Name).Value
                ?? (parameter.Default is null ? throw new InvalidOperationException($"{name} needs the argument {parameter.Name}") : statements.Expressions.Evaluate(parameter.Default, frame));
        }
        statements.Run(function.Body, frame);
        return frame.Result ?? ScriptValue.None;
    }
}
