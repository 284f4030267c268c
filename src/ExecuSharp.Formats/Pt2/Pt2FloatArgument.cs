namespace ExecuSharp.Formats.Pt2;

/// <summary>A float argument: a number, or the name of a value of the graph.</summary>
/// <param name="Name">The value's name, or null for a number.</param>
/// <param name="Value">The number; 0 for a name.</param>
public readonly record struct Pt2FloatArgument(string? Name, double Value);
