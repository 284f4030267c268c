namespace ExecuSharp.Vision.Classification;

/// <summary>Labels for an embedding.</summary>
public interface IEmbeddingClassifier
{
    /// <summary>All labels with their scores, best first.</summary>
    /// <param name="embedding">Of any length above 0.</param>
    /// <exception cref="ArgumentException">The embedding has another size than the classifier.</exception>
    IReadOnlyList<LabelScore> Score(ReadOnlySpan<float> embedding);
}
