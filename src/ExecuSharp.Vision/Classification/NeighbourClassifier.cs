using ExecuSharp.Vision.Embedding;

namespace ExecuSharp.Vision.Classification;

/// <summary>The k example pictures that are most alike vote, each with the exponential of its cosine over the temperature.</summary>
public sealed class NeighbourClassifier : IEmbeddingClassifier
{
    private readonly (string Label, float[] Vector)[] examples;
    private readonly int neighbours;
    private readonly float temperature;

    /// <summary>Makes a classifier.</summary>
    /// <param name="examples">Labels with the embedding of an example.</param>
    /// <param name="neighbours">How many vote.</param>
    /// <param name="temperature">Small values let the nearest decide; 0.07 is usual.</param>
    /// <exception cref="ArgumentException">There are no examples, or they differ in size.</exception>
    public NeighbourClassifier(IEnumerable<(string Label, float[] Embedding)> examples, int neighbours = 5, float temperature = 0.07f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        this.examples = [.. examples.Select(e => (e.Label, UnitVectors.Normalize(e.Embedding)))];
        this.neighbours = neighbours;
        this.temperature = temperature;
        if (this.examples.Length == 0)
            throw new ArgumentException("there are no example pictures");
        if (this.examples.Any(e => e.Vector.Length != this.examples[0].Vector.Length))
            throw new ArgumentException("the example embeddings differ in size");
    }

    /// <inheritdoc/>
    public IReadOnlyList<LabelScore> Score(ReadOnlySpan<float> embedding)
    {
        if (embedding.Length != examples[0].Vector.Length)
            throw new ArgumentException($"an embedding of {embedding.Length} elements, the examples have {examples[0].Vector.Length}");
        float[] unit = UnitVectors.Normalize(embedding);
        var ranked = examples.Select(e => (e.Label, Cosine: UnitVectors.Dot(unit, e.Vector))).OrderByDescending(e => e.Cosine).ToList();
        double highest = ranked[0].Cosine;
        var votes = ranked.Take(neighbours).GroupBy(e => e.Label, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(e => Math.Exp((e.Cosine - highest) / temperature)), StringComparer.Ordinal);
        double all = votes.Values.Sum();
        return [.. ranked.GroupBy(e => e.Label, StringComparer.Ordinal)
            .Select(g => (g.Key, Nearest: g.Max(e => e.Cosine), Vote: votes.GetValueOrDefault(g.Key)))
            .OrderByDescending(g => g.Vote).ThenByDescending(g => g.Nearest)
            .Select(g => new LabelScore(g.Key, (float)(g.Vote / all), g.Nearest, g.Nearest / temperature))];
    }
}
