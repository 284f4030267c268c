namespace ExecuSharp.Formats.TorchScript;

/// <summary>A class: a module, a named tuple, or another.</summary>
/// <param name="Name">Its name without the file.</param>
/// <param name="Base">What it derives from: <c>Module</c>, <c>NamedTuple</c>, or nothing.</param>
/// <param name="Fields">Its attributes in order, with their types.</param>
/// <param name="Constants">Attributes with a value in the source.</param>
/// <param name="Methods">Its methods.</param>
public sealed record ScriptClass(
    string Name,
    string Base,
    IReadOnlyList<KeyValuePair<string, string>> Fields,
    IReadOnlyDictionary<string, ScriptExpression> Constants,
    IReadOnlyDictionary<string, ScriptFunction> Methods);
