namespace ExecuSharp.Operators.Indexing;

/// <summary>A value and where it was.</summary>
internal readonly record struct Ranked<T>(T Value, long Index);
