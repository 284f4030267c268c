using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript;

/// <summary>A parameter of the imported method.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as text: <c>Optional[Tensor]</c>.</param>
/// <param name="Default">Its default, or null if there is none.</param>
internal sealed record ScriptInput(string Name, string Type, ScriptValue? Default);
