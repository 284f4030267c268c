using ExecuSharp.Core;
using ExecuSharp.Models.Embeddings;
using ExecuSharp.Vision.Embedding;

namespace ExecuSharp.Vision.Classification;

/// <summary>Compares an embedding with one vector for each label: logits are exp(logit scale) times the cosine, probabilities their softmax.</summary>
/// <param name="classes">Vectors of the labels, from texts or from example pictures.</param>
/// <param name="logitScale">Natural logarithm of the factor; a model's manifest has it.</param>
public sealed class CosineClassifier(ClassMatrix classes, float logitScale) : IEmbeddingClassifier
{
    /// <summary>Vectors of the labels.</summary>
    public ClassMatrix Classes { get; } = classes;

    /// <summary>Makes a classifier whose labels are shown by example pictures: the mean of their embeddings, each of length 1.</summary>
    /// <param name="examples">Labels with the embedding of an example, in any order.</param>
    /// <param name="logitScale">As in the constructor.</param>
    /// <exception cref="ArgumentException">There are no examples.</exception>
    public static CosineClassifier FromPrototypes(IEnumerable<(string Label, float[] Embedding)> examples, float logitScale)
    {
        var groups = examples.GroupBy(e => e.Label, StringComparer.Ordinal).Select(g => (g.Key, Vector: UnitVectors.Mean([.. g.Select(e => UnitVectors.Normalize(e.Embedding))]))).ToList();
        if (groups.Count == 0)
            throw new ArgumentException("there are no example pictures");
        var matrix = Tensor.From<float>(groups.SelectMany(g => g.Vector).ToArray(), groups.Count, groups[0].Vector.Length);
        return new CosineClassifier(new ClassMatrix([.. groups.Select(g => g.Key)], matrix), logitScale);
    }

    /// <inheritdoc/>
    public IReadOnlyList<LabelScore> Score(ReadOnlySpan<float> embedding)
    {
        if (embedding.Length != Classes.Dimensions)
            throw new ArgumentException($"an embedding of {embedding.Length} elements, the labels have {Classes.Dimensions}");
        float[] unit = UnitVectors.Normalize(embedding);
        double scale = Math.Exp(logitScale);
        var cosines = new float[Classes.Labels.Count];
        for (int i = 0; i < cosines.Length; i++)
            cosines[i] = UnitVectors.Dot(unit, Classes.Row(i));
        double highest = cosines.Max() * scale, sum = 0;
        foreach (float cosine in cosines)
            sum += Math.Exp((cosine * scale) - highest);
        return [.. cosines.Select((c, i) => new LabelScore(Classes.Labels[i], (float)(Math.Exp((c * scale) - highest) / sum), c, (float)(c * scale))).OrderByDescending(s => s.Cosine)];
    }
}
