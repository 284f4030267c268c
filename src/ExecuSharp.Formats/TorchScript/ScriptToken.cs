namespace ExecuSharp.Formats.TorchScript;

/// <summary>A word of the source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of a string, the content.</param>
/// <param name="Line">Its line, from 1.</param>
internal readonly record struct ScriptToken(ScriptTokenKind Kind, string Text, int Line);
