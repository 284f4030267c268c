using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Graphs;

/// <summary>
/// What a rule puts in place of one node: the nodes were already added to the rule's builder, and each output of the old node is now
/// one of these values.
/// </summary>
/// <param name="Replacements">A value for each output of the old node, in order; null for an output that nobody uses.</param>
public sealed record Patch(params Value?[] Replacements);
