namespace ExecuSharp.Conversion;

/// <summary>What a conversion did.</summary>
/// <param name="Source">Path of the source.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="SourceBytes">Size of the source with the files that it refers to.</param>
/// <param name="Programs">The programs.</param>
/// <param name="ManifestPath">The manifest, if the model has one.</param>
/// <param name="Elapsed">Time taken.</param>
public sealed record ConversionReport(string Source, string Model, long SourceBytes, IReadOnlyList<ProgramReport> Programs, string? ManifestPath, TimeSpan Elapsed)
{
    /// <summary>The lowest cosine of any output.</summary>
    public double LowestCosine => Programs.Min(p => p.Comparison.Worst.Cosine);
}
