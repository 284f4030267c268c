namespace ExecuSharp.Formats.Pt2;

/// <summary>A size, stride or value that is known or symbolic.</summary>
/// <param name="Value">The number, or null if symbolic.</param>
/// <param name="Expression">The SymPy text of a symbolic one (<c>Mul(Integer(2), Symbol('s0', positive=True, integer=True))</c>, or <c>2*s0</c> in older files), else null.</param>
/// <param name="Hint">The value that it had when the program was traced, if recorded.</param>
public readonly record struct Pt2SymInt(long? Value, string? Expression = null, long? Hint = null)
{
    /// <inheritdoc/>
    public override string ToString() => Value?.ToString() ?? Expression ?? "";
}
