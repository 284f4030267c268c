using ExecuSharp.Graphs;

namespace ExecuSharp.Models;

/// <summary>One program of a model: a graph that becomes the method <c>forward</c> of a <c>.pte</c> file.</summary>
/// <param name="Name">What it is: <c>vision</c>, <c>text</c>, or <c>model</c> where there is only one.</param>
/// <param name="Graph">The graph.</param>
public sealed record ModelProgram(string Name, Graph Graph);
