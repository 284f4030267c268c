using ExecuSharp.Compiler;
using ExecuSharp.Sources;

namespace ExecuSharp.Conversion;

/// <summary>How a source becomes programs.</summary>
public sealed record ConvertOptions
{
    /// <summary>What the source leaves open.</summary>
    public ImportOptions Import { get; init; } = new();

    /// <summary>Backend and target release.</summary>
    public CompileOptions Compile { get; init; } = new();

    /// <summary>The cosine between the outputs of source and program that every output must reach.</summary>
    public double MinSimilarity { get; init; } = 0.99;

    /// <summary>Random inputs that are compared.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>Seed of the inputs.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Compare behind every operator.</summary>
    public bool Layers { get; init; }

    /// <summary>Replace existing files.</summary>
    public bool Overwrite { get; init; }
}
