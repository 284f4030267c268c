using ExecuSharp.Comparison;

namespace ExecuSharp.Conversion;

/// <summary>A converted program is not like its source; it was not written.</summary>
public sealed class SimilarityException(string model, ModelComparison comparison, double wanted, IReadOnlyList<LayerGap> layers)
    : Exception($"{model}: the program's outputs have cosine {comparison.Worst.Cosine:F6} to the source, {wanted} is asked for" + FirstGap(layers, wanted))
{
    /// <summary>The comparison.</summary>
    public ModelComparison Comparison { get; } = comparison;

    /// <summary>The gap behind every operator.</summary>
    public IReadOnlyList<LayerGap> Layers { get; } = layers;

    private static string FirstGap(IReadOnlyList<LayerGap> layers, double wanted) =>
        layers.FirstOrDefault(l => l.Gap.Cosine < wanted) is { } first ? $"; they part at {first.Name} ({first.Operator}, cosine {first.Gap.Cosine:F6})" : "";
}
