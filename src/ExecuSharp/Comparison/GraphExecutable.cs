using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;

namespace ExecuSharp.Comparison;

/// <summary>A source graph, run operator by operator: the reference of every conversion.</summary>
public sealed class GraphExecutable(Graph graph, KernelContext context, string name, IDisposable? owner = null) : IExecutable
{
    // Dead results wait for the collector's own budget, which grows with the weights: collected after this many bytes, they stay below it.
    private const long CollectedBytes = 48 << 20;

    private readonly GraphInterpreter interpreter = new(graph, context) { Observer = new MemoryKeeper(graph).After };

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public IReadOnlyList<TensorSpec> Inputs { get; } = [.. graph.Inputs.Where(i => i.Literal is null).Select(i => i.Value.Spec)];

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs) =>
        [.. interpreter.Run([.. inputs.Select(i => i.Clone())]).Where(o => o.Tag == Tag.Tensor).Select(o => o.AsTensor())];

    /// <inheritdoc/>
    public void Dispose() => owner?.Dispose();

    private sealed class MemoryKeeper(Graph graph)
    {
        private long made;

        // A weight is used once in a run; a model's weights need not all be in memory at a time.
        public void After(Node node, IReadOnlyList<EValue> results)
        {
            foreach (var input in node.Inputs)
                if (graph.ConstantOf(input) is { } weight)
                    MappedPages.Release(weight.Storage);
            foreach (var result in results)
                if (result.Tag == Tag.Tensor)
                    made += result.AsTensor().ByteLength;
            if (made < CollectedBytes)
                return;
            made = 0;
            GC.Collect();
        }
    }
}
