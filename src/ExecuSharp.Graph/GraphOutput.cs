using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Graphs;

/// <summary>An output of a graph.</summary>
/// <param name="Result">A value, or a literal number, or None.</param>
/// <param name="Name">Name in the source model.</param>
/// <param name="MutatedBuffer">The mutable buffer (or input) that gets this value when the method ends; null for an output of the caller.</param>
public sealed record GraphOutput(Argument Result, string Name, Value? MutatedBuffer = null)
{
    /// <inheritdoc/>
    public override string ToString() => MutatedBuffer is null ? Result.ToString() : $"{MutatedBuffer.Name} <- {Result}";
}
