namespace ExecuSharp.Formats.TorchScript;

/// <summary>One file of source code.</summary>
/// <param name="Path">Its member name in the archive.</param>
/// <param name="Classes">Its classes by name.</param>
/// <param name="Functions">Its functions by name.</param>
public sealed record ScriptUnit(string Path, IReadOnlyDictionary<string, ScriptClass> Classes, IReadOnlyDictionary<string, ScriptFunction> Functions);
