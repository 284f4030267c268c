namespace ExecuSharp.Formats.TorchScript;

/// <summary>A function or method.</summary>
/// <param name="Name">Its name without the class.</param>
/// <param name="Parameters">Its parameters; the first of a method is <c>self</c>.</param>
/// <param name="Body">Its statements.</param>
public sealed record ScriptFunction(string Name, IReadOnlyList<ScriptParameter> Parameters, IReadOnlyList<ScriptStatement> Body);
