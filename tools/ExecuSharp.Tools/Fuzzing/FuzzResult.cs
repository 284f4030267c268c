namespace ExecuSharp.Tools.Fuzzing;

/// <summary>What became of a damaged file.</summary>
/// <param name="Refused">It was refused with a clear error.</param>
/// <param name="Failure">Another exception, or too much memory; null if all is well.</param>
public readonly record struct FuzzResult(bool Refused, string? Failure);
