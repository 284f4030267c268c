using ExecuSharp.Core;

namespace ExecuSharp.Comparison;

/// <summary>A program that is loaded when it is first needed.</summary>
internal sealed class LateExecutable(Func<ProgramExecutable> load) : IExecutable
{
    private ProgramExecutable? program;

    /// <summary>The program.</summary>
    public ProgramExecutable Program => program ??= load();

    /// <inheritdoc/>
    public string Name => Program.Name;

    /// <inheritdoc/>
    public IReadOnlyList<TensorSpec> Inputs => Program.Inputs;

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs) => Program.Run(inputs);

    /// <inheritdoc/>
    public void Dispose() => program?.Dispose();
}
