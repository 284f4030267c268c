using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Vision.Embedding;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>An encoder that executes a graph node by node.</summary>
internal sealed class GraphEncoder(Graph graph) : IEncoder
{
    private readonly GraphInterpreter interpreter = new(graph, KernelContext.SingleThreaded());

    public ReadOnlySpan<float> Encode(Tensor input) => interpreter.Run([input])[0].AsTensor().Span<float>();
}
