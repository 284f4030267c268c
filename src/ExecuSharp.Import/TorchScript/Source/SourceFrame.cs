using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Source;

/// <summary>The variables of a running function.</summary>
/// <param name="function">Its qualified name.</param>
/// <param name="depth">How many calls are open.</param>
internal sealed class SourceFrame(string function, int depth)
{
    public string Function => function;

    public int Depth => depth;

    public Dictionary<string, ScriptValue> Variables { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>What the function returned; null while it runs.</summary>
    public ScriptValue? Result { get; set; }

    public SourceFrame Copy() => new(function, depth) { Variables = new(Variables, StringComparer.Ordinal), Result = Result };
}
