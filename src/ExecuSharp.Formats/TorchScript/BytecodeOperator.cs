namespace ExecuSharp.Formats.TorchScript;

/// <summary>An operator that a function calls.</summary>
/// <param name="Name">Name with namespace: <c>aten::softmax</c>.</param>
/// <param name="Overload">Overload, or nothing.</param>
/// <param name="Arguments">How many arguments are given; null in files before version 6, where all are.</param>
public sealed record BytecodeOperator(string Name, string Overload, int? Arguments);
