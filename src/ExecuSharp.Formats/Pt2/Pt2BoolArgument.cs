namespace ExecuSharp.Formats.Pt2;

/// <summary>A truth value argument: a literal, or the name of a value of the graph.</summary>
/// <param name="Name">The value's name, or null for a literal.</param>
/// <param name="Value">The literal; false for a name.</param>
public readonly record struct Pt2BoolArgument(string? Name, bool Value);
