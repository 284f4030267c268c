using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Graphs;

/// <summary>An input of a graph: a tensor, or a number fixed at export.</summary>
/// <param name="Value">The value inside the graph.</param>
/// <param name="Name">Name in the source model.</param>
/// <param name="Literal">For an input that is no tensor: the number or text it is fixed at; else null.</param>
public sealed record GraphInput(Value Value, string Name, Argument? Literal = null)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
