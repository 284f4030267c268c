using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;

namespace ExecuSharp.Comparison;

/// <summary>A source graph, run operator by operator: the reference of every conversion.</summary>
public sealed class GraphExecutable(Graph graph, KernelContext context, string name, IDisposable? owner = null) : IExecutable
{
    private readonly GraphInterpreter interpreter = new(graph, context) { Observer = (node, _) => ReleaseWeights(graph, node) };

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public IReadOnlyList<TensorSpec> Inputs { get; } = [.. graph.Inputs.Where(i => i.Literal is null).Select(i => i.Value.Spec)];

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs) =>
        [.. interpreter.Run([.. inputs.Select(i => i.Clone())]).Where(o => o.Tag == Tag.Tensor).Select(o => o.AsTensor())];

    /// <inheritdoc/>
    public void Dispose() => owner?.Dispose();

    // A weight is used once in a run; a model's weights need not all be in memory at a time.
    private static void ReleaseWeights(Graph graph, Node node)
    {
        foreach (var input in node.Inputs)
            if (graph.ConstantOf(input) is { } weight)
                MappedPages.Release(weight.Storage);
    }
}
