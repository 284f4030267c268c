using ExecuSharp.Formats.Pickle;

namespace ExecuSharp.Formats.TorchScript;

/// <summary>A parameter of a method in bytecode.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as text.</param>
/// <param name="Default">Its default, or None.</param>
public sealed record BytecodeParameter(string Name, string Type, PickleValue Default);
