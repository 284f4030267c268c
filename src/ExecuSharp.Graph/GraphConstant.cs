using ExecuSharp.Core;

namespace ExecuSharp.Graphs;

/// <summary>A tensor that a graph owns: a weight, or a mutable buffer with its initial content.</summary>
/// <param name="Tensor">Bytes in contiguous order.</param>
/// <param name="Name">Full name in the source model.</param>
/// <param name="IsMutable">The method changes it, and it is kept between executions.</param>
public sealed record GraphConstant(Tensor Tensor, string Name, bool IsMutable = false);
