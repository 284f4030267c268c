namespace ExecuSharp.Formats.Pt2;

/// <summary>A float that is known or symbolic.</summary>
/// <param name="Value">The number, or null if symbolic.</param>
/// <param name="Expression">The SymPy text of a symbolic one, else null.</param>
public readonly record struct Pt2SymFloat(double? Value, string? Expression = null);
