using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.Pt2;

/// <summary>A program with its data.</summary>
/// <param name="Program">The graph and what belongs to it.</param>
/// <param name="Weights">The state dict: parameters and persistent buffers by name.</param>
/// <param name="Constants">Other buffers and constant tensors by name.</param>
/// <param name="SampleInputs">The inputs that it was traced with, as ((arguments), {keyword arguments}), or null.</param>
public sealed record Pt2Model(
    ExportedProgramRecord Program,
    IReadOnlyDictionary<string, StoredTensor> Weights,
    IReadOnlyDictionary<string, StoredTensor> Constants,
    PickleValue? SampleInputs)
{
    /// <summary>The tensor behind a parameter, buffer or constant, or null.</summary>
    public StoredTensor? Find(string targetName) =>
        Weights.TryGetValue(targetName, out var weight) ? weight : Constants.GetValueOrDefault(targetName);
}
