namespace ExecuSharp.Vision.Classification;

/// <summary>The answer for one picture.</summary>
/// <param name="Scores">Labels, best first.</param>
/// <param name="IsUnknown">The picture shows none of the labels, by the classifier's <see cref="UnknownRule"/>.</param>
/// <param name="Embedding">The picture's embedding, as the program gave it.</param>
public sealed record ImageClassification(IReadOnlyList<LabelScore> Scores, bool IsUnknown, ReadOnlyMemory<float> Embedding)
{
    /// <summary>The best label.</summary>
    public LabelScore Best => Scores[0];
}
