namespace ExecuSharp.Formats.Pt2;

/// <summary>An argument of a node.</summary>
/// <param name="Name">The parameter's name in the operator's schema; empty for operators of higher order.</param>
/// <param name="Value">The argument.</param>
/// <param name="IsKeyword">True if it was given by name; null in files before schema 8.3, which do not say.</param>
public sealed record Pt2NamedArgument(string Name, Pt2Argument Value, bool? IsKeyword);
