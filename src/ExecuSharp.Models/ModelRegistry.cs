using ExecuSharp.Core;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Models.PerceptionEncoder;
using ExecuSharp.Models.Seizure;

namespace ExecuSharp.Models;

/// <summary>The architectures known by name. Adding one is a class and a line here.</summary>
public sealed class ModelRegistry(IReadOnlyList<IModelFamily> families)
{
    /// <summary>Every architecture of this assembly.</summary>
    public static ModelRegistry Default { get; } = new([new PerceptionEncoderFamily(), new DeepEpiCnnFamily(), new CnnLstmFamily(), new SeizureCnnFamily()]);

    /// <summary>The families, in the order in which they look at a checkpoint.</summary>
    public IReadOnlyList<IModelFamily> Families { get; } = families;

    /// <summary>All published models.</summary>
    public IEnumerable<ArchitectureInfo> Published => Families.SelectMany(f => f.Published);

    /// <summary>The published model of this name, without regard to case, or null.</summary>
    public ArchitectureInfo? Find(string name) => Published.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Recognises a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="name">The model that it must be (<c>PE-Core-T16-384</c>), or null.</param>
    /// <exception cref="ModelFormatException">Tensors are missing, unexpected or misshapen; all are listed.</exception>
    /// <exception cref="UnsupportedModelException">No architecture here has such tensors, or its sizes cannot be known from the file.</exception>
    public IDetectedModel Detect(Checkpoint checkpoint, string? name = null)
    {
        var candidates = name is null ? Families : [.. Families.Where(f => Knows(f, name))];
        if (candidates.Count == 0)
            throw new UnsupportedModelException(checkpoint.Name, [new UnsupportedItem($"the model name {name}", "--model", $"known are {string.Join(", ", Published.Select(p => p.Name))}")]);
        foreach (var family in candidates)
            if (family.Detect(checkpoint, name) is { } model)
                return model;
        string some = string.Join(", ", checkpoint.Names.Take(4).Select(n => $"{n} {checkpoint.Tensors[n]}"));
        throw new UnsupportedModelException(checkpoint.Name, [new UnsupportedItem($"{checkpoint.Names.Count} tensors such as {some}", "the state dict",
            $"they are those of no architecture known by name ({string.Join(", ", candidates.Select(f => f.Name))}); export the model to .pt2 or ONNX instead")]);
    }

    /// <summary>As <see cref="Detect"/>, null where no architecture here has such tensors.</summary>
    /// <exception cref="ModelFormatException">Tensors are missing, unexpected or misshapen; all are listed.</exception>
    public IDetectedModel? TryDetect(Checkpoint checkpoint) => Families.Select(f => f.Detect(checkpoint)).FirstOrDefault(m => m is not null);

    private static bool Knows(IModelFamily family, string name) =>
        family.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || family.Published.Any(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
