using ExecuSharp.Core;

namespace ExecuSharp.Comparison;

/// <summary>A model that has run already: gives its outputs in the order of the inputs.</summary>
internal sealed class RecordedExecutable : IExecutable
{
    private readonly Queue<IReadOnlyList<Tensor>> outputs = new();

    /// <summary>Runs a model on all inputs.</summary>
    public RecordedExecutable(IExecutable model, IReadOnlyList<IReadOnlyList<Tensor>> inputs, CancellationToken cancellation)
    {
        Name = model.Name;
        Inputs = model.Inputs;
        foreach (var set in inputs)
        {
            cancellation.ThrowIfCancellationRequested();
            outputs.Enqueue(model.Run(set));
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSpec> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs) => outputs.Dequeue();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
