using ExecuSharp.Core;
using ExecuSharp.Imaging;
using ExecuSharp.Vision.Embedding;

namespace ExecuSharp.Vision.Classification;

/// <summary>Labels for pictures: an embedding, then whatever compares embeddings with labels. Not safe for concurrent use.</summary>
/// <param name="images">Pictures to embeddings.</param>
/// <param name="classifier">Embeddings to labels.</param>
/// <param name="unknown">When a picture shows none of the labels; null for never.</param>
public sealed class ImageClassifier(ImageEmbedder images, IEmbeddingClassifier classifier, UnknownRule? unknown = null)
{
    /// <summary>Pictures to embeddings.</summary>
    public ImageEmbedder Images { get; } = images;

    /// <summary>Classifies a picture.</summary>
    public ImageClassification Classify(Image image) => Classify(Images.Embed(image));

    /// <summary>Classifies a picture file.</summary>
    /// <exception cref="ModelFormatException">The file is broken or of an unknown format.</exception>
    public ImageClassification Classify(ReadOnlySpan<byte> file) => Classify(Images.Embed(file));

    /// <summary>Classifies an embedding.</summary>
    public ImageClassification Classify(float[] embedding)
    {
        var scores = classifier.Score(embedding);
        return new ImageClassification(scores, unknown?.Holds(scores) ?? false, embedding);
    }

    /// <summary>Classifies files one after another; a broken one is answered with its error, and the others go on.</summary>
    public IEnumerable<FileClassification> ClassifyFiles(IEnumerable<string> paths, CancellationToken cancellation = default)
    {
        foreach (string path in paths)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return ClassifyFile(path);
        }
    }

    private FileClassification ClassifyFile(string path)
    {
        try
        {
            return new FileClassification(path, Classify(Images.EmbedFile(path)), null);
        }
        catch (ModelFormatException e)
        {
            return new FileClassification(path, null, e);
        }
    }
}
