using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Table;

/// <summary>One argument of an operator's schema.</summary>
/// <param name="Name">Name in the ATen schema.</param>
/// <param name="Type">Type.</param>
/// <param name="Optional">None is allowed.</param>
/// <param name="Default">The default, or null if the argument must be given.</param>
/// <param name="ListSize">For <c>int[2]</c>: a single integer stands for that many; else 0.</param>
public sealed record SchemaArgument(string Name, ArgumentType Type, bool Optional, Argument? Default, int ListSize)
{
    /// <summary>It is given by name only: it stands after the asterisk.</summary>
    public bool KeywordOnly { get; init; }
}
