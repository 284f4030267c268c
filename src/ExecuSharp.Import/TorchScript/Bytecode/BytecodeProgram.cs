using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.TorchScript;
using ExecuSharp.Import.TorchScript.Operators;
using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Bytecode;

/// <summary>Executes the bytecode of a mobile file.</summary>
/// <param name="archive">The file.</param>
/// <param name="caller">Calls operators.</param>
/// <param name="load">Gives a stored constant.</param>
internal sealed class BytecodeProgram(TorchScriptArchive archive, OperatorCaller caller, Func<PickleValue, ScriptValue> load) : IScriptProgram
{
    private readonly Dictionary<BytecodeFunction, BytecodeExecutor> executors = [];

    public IReadOnlyList<ScriptInput>? Inputs(ScriptValue.Object module, string method)
    {
        if (Find(module, method) is not { } function)
            return null;
        if (function.Parameters is { } parameters)
            return [.. parameters.Skip(1).Select(p => new ScriptInput(p.Name, p.Type, p.Default is PickleNone && !p.Type.StartsWith("Optional", StringComparison.Ordinal) ? null : load(p.Default)))];
        // before version 5: the first instruction stores self and the inputs
        int count = function.Instructions.FirstOrDefault() is { Op: "STOREN" } store ? store.N - 1 : 0;
        return [.. Enumerable.Range(0, Math.Max(count, 0)).Select(i => new ScriptInput($"input_{i}", "Tensor", null))];
    }

    public bool Has(ScriptValue.Object owner, string method) => Find(owner, method) is not null;

    public ScriptValue Run(ScriptValue.Object owner, string method, IReadOnlyList<ScriptValue> args)
    {
        var function = Find(owner, method) ?? throw new ModelFormatException("bytecode.pkl", $"the method {owner.Type}.{method}", "none");
        if (!executors.TryGetValue(function, out var executor))
            executors.Add(function, executor = new BytecodeExecutor(this, function, caller, [.. function.Constants.Select(load)]));
        return executor.Run([owner, .. args]);
    }

    private BytecodeFunction? Find(ScriptValue.Object owner, string method) => archive.Functions!.GetValueOrDefault($"{owner.Type}.{method}");
}
