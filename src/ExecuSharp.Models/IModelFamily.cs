using ExecuSharp.Core;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Models;

/// <summary>An architecture that is built from checkpoints.</summary>
public interface IModelFamily
{
    /// <summary>Name of the family.</summary>
    string Name { get; }

    /// <summary>The published models of the family.</summary>
    IReadOnlyList<ArchitectureInfo> Published { get; }

    /// <summary>Recognises a checkpoint by its tensors and checks them; null if it is another architecture.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="name">A published name that the checkpoint must be, or null.</param>
    /// <exception cref="ModelFormatException">It is this architecture, but tensors are missing, unexpected or misshapen; all are listed.</exception>
    /// <exception cref="UnsupportedModelException">It is this architecture in a size that cannot be known from the file.</exception>
    IDetectedModel? Detect(Checkpoint checkpoint, string? name = null);
}
