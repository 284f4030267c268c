namespace ExecuSharp.Formats.Pt2;

/// <summary>An integer argument: a number, or the name of a value of the graph.</summary>
/// <param name="Name">The value's name, or null for a number.</param>
/// <param name="Value">The number; 0 for a name.</param>
public readonly record struct Pt2IntArgument(string? Name, long Value);
