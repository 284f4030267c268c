namespace ExecuSharp.Formats.TorchScript;

/// <summary>An instruction of the lite interpreter.</summary>
/// <param name="Op">Its name: <c>LOADC</c>.</param>
/// <param name="X">First operand.</param>
/// <param name="N">Second operand.</param>
public sealed record BytecodeInstruction(string Op, int X, int N);
