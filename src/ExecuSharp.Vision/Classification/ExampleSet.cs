using ExecuSharp.Core;
using ExecuSharp.Vision.Embedding;

namespace ExecuSharp.Vision.Classification;

/// <summary>Embeddings of pictures that show what labels mean.</summary>
/// <param name="Examples">Labels, each with the embedding of a picture.</param>
public sealed record ExampleSet(IReadOnlyList<(string Label, float[] Embedding)> Examples)
{
    /// <summary>Embeds the pictures of a folder that has a folder for each class.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="images">Pictures to embeddings.</param>
    /// <param name="progress">Told each file.</param>
    /// <param name="cancellation">Looked at before each picture.</param>
    /// <exception cref="ModelFormatException">There are no pictures, or one is broken: a label would silently mean something else.</exception>
    public static ExampleSet Read(string folder, ImageEmbedder images, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        var examples = new List<(string, float[])>();
        foreach (var (label, path) in PictureFiles.ByClass(folder))
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(path);
            examples.Add((label, images.EmbedFile(path)));
        }
        return new ExampleSet(examples);
    }

    /// <summary>
    /// For each example the best cosine that it would have if it were not one: to the mean of each class (<paramref name="prototypes"/>), or to the
    /// nearest other example. An example that is alone in its class has none.
    /// </summary>
    public IReadOnlyList<float> HeldOutCosines(bool prototypes)
    {
        var result = new List<float>();
        for (int i = 0; i < Examples.Count; i++)
        {
            var (label, embedding) = Examples[i];
            var others = Examples.Where((_, j) => j != i).ToList();
            if (!others.Exists(o => o.Label == label))
                continue;
            IEmbeddingClassifier classifier = prototypes ? CosineClassifier.FromPrototypes(others, logitScale: 0) : new NeighbourClassifier(others, neighbours: 1);
            result.Add(classifier.Score(embedding).Max(s => s.Cosine));
        }
        return result;
    }
}
