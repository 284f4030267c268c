using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;

namespace ExecuSharp.Comparison;

/// <summary>A source graph, run operator by operator: the reference of every conversion.</summary>
public sealed class GraphExecutable(Graph graph, KernelContext context, string name, IDisposable? owner = null) : IExecutable
{
    private readonly GraphInterpreter interpreter = new(graph, context);

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public IReadOnlyList<TensorSpec> Inputs { get; } = [.. graph.Inputs.Where(i => i.Literal is null).Select(i => i.Value.Spec)];

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs) =>
        [.. interpreter.Run([.. inputs.Select(i => i.Clone())]).Where(o => o.Tag == Tag.Tensor).Select(o => o.AsTensor())];

    /// <inheritdoc/>
    public void Dispose() => owner?.Dispose();
}
