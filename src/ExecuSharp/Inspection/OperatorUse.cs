namespace ExecuSharp.Inspection;

/// <summary>An operator of a method.</summary>
/// <param name="Key">Name of the kernel.</param>
/// <param name="Calls">Number of calls.</param>
/// <param name="IsAvailable">This runtime has a kernel for it.</param>
public sealed record OperatorUse(string Key, int Calls, bool IsAvailable);
