using ExecuSharp.Core;
using ExecuSharp.Models.Embeddings;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Vision.Embedding;

namespace ExecuSharp.Vision.Classification;

/// <summary>A converted image-text model with a list of labels. Not safe for concurrent use.</summary>
/// <example><code>
/// using var classifier = ZeroShotClassifier.Open("model.json", new LabelSet("animals", ["cat", "dog"], ["a photo of a {}"]));
/// Console.WriteLine(classifier.Images.Classify(File.ReadAllBytes("picture.jpg")).Best.Label);
/// </code></example>
public sealed class ZeroShotClassifier : IDisposable
{
    private readonly ImageModel vision;

    private ZeroShotClassifier(ImageModel vision, ImageClassifier images, ClassMatrix classes)
    {
        this.vision = vision;
        Images = images;
        Classes = classes;
    }

    /// <summary>Classifies pictures.</summary>
    public ImageClassifier Images { get; }

    /// <summary>Vectors of the labels.</summary>
    public ClassMatrix Classes { get; }

    /// <summary>Opens the programs beside a manifest and embeds the labels. The text program is closed again before the first picture.</summary>
    /// <param name="manifestPath">The manifest.</param>
    /// <param name="labels">Labels and templates.</param>
    /// <param name="options">Cache, tokenizer, runtime.</param>
    /// <param name="cancellation">Looked at between labels.</param>
    /// <exception cref="ModelFormatException">A file is missing or broken, or the model has no text tower.</exception>
    /// <exception cref="ArgumentException">There are no labels.</exception>
    public static ZeroShotClassifier Open(string manifestPath, LabelSet labels, ZeroShotOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ZeroShotOptions();
        if (labels.Labels.Count == 0)
            throw new ArgumentException("the label list is empty");
        ClassMatrix Make()
        {
            using var texts = TextModel.Open(manifestPath, options.MergesFile, options.Runtime);
            return texts.Embedder.EmbedLabels(labels, options.Progress, cancellation);
        }
        var classes = options.CacheFolder is { } folder
            ? new TextEmbeddingCache(folder).GetOrAdd(ManifestFiles.Program(manifestPath, ModelManifest.Read(manifestPath), "text").Sha256, labels, Make)
            : Make();
        return Open(manifestPath, classes, options);
    }

    /// <summary>Opens the vision program beside a manifest for labels whose vectors are known.</summary>
    /// <exception cref="ModelFormatException">A file is missing or broken, or the vectors are not of the model's size.</exception>
    public static ZeroShotClassifier Open(string manifestPath, ClassMatrix classes, ZeroShotOptions? options = null)
    {
        var vision = ImageModel.Open(manifestPath, options?.Runtime);
        try
        {
            var manifest = vision.Manifest;
            float scale = manifest.LogitScale ?? throw new ModelFormatException("logit_scale", "the logit scale of an image-text model", "none", manifestPath);
            if (manifest.EmbeddingDim is { } dimensions && dimensions != classes.Dimensions)
                throw new ModelFormatException("embedding_dim", $"{classes.Dimensions}, the size of the labels' vectors", $"{dimensions}", manifestPath);
            return new ZeroShotClassifier(vision, new ImageClassifier(vision.Embedder, new CosineClassifier(classes, scale), options?.Unknown), classes);
        }
        catch
        {
            vision.Dispose();
            throw;
        }
    }

    /// <summary>Frees the vision program.</summary>
    public void Dispose() => vision.Dispose();
}
