namespace ExecuSharp.Inspection;

/// <summary>An operator of a method.</summary>
/// <param name="Key">Name of the kernel.</param>
/// <param name="Calls">Number of calls.</param>
/// <param name="RunBy">What runs it here: <c>kernel of aten::add.Tensor</c>; null if there is no kernel.</param>
public sealed record OperatorUse(string Key, int Calls, string? RunBy);
