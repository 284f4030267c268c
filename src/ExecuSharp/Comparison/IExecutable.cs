using ExecuSharp.Core;

namespace ExecuSharp.Comparison;

/// <summary>A model that can be run on tensors: a source graph, or a program.</summary>
public interface IExecutable : IDisposable
{
    /// <summary>Name, for reports.</summary>
    string Name { get; }

    /// <summary>The tensor inputs: type, sizes (upper bounds), dim order.</summary>
    IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>Runs on tensors in contiguous order and returns the tensor outputs, copied.</summary>
    IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs);
}
