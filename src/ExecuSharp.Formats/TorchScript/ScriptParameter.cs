namespace ExecuSharp.Formats.TorchScript;

/// <summary>A parameter of a function.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as written, or nothing.</param>
/// <param name="Default">Its default, or null.</param>
public sealed record ScriptParameter(string Name, string Type, ScriptExpression? Default);
