namespace ExecuSharp.Formats.Pt2;

/// <summary>A truth value that is known or symbolic.</summary>
/// <param name="Value">The value, or null if symbolic.</param>
/// <param name="Expression">The SymPy text of a symbolic one, else null.</param>
public readonly record struct Pt2SymBool(bool? Value, string? Expression = null);
