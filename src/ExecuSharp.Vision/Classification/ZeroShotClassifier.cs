using ExecuSharp.Core;
using ExecuSharp.Models.Embeddings;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Runtime;
using ExecuSharp.Vision.Embedding;
using ExecuSharp.Vision.Text;

namespace ExecuSharp.Vision.Classification;

/// <summary>A converted image-text model with a list of labels. Not safe for concurrent use.</summary>
/// <example><code>
/// using var classifier = ZeroShotClassifier.Open("model.json", new LabelSet("animals", ["cat", "dog"], ["a photo of a {}"]));
/// Console.WriteLine(classifier.Images.Classify(File.ReadAllBytes("picture.jpg")).Best.Label);
/// </code></example>
public sealed class ZeroShotClassifier : IDisposable
{
    private readonly ModuleEncoder vision;

    private ZeroShotClassifier(ModuleEncoder vision, ImageClassifier images, ClassMatrix classes)
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
        var manifest = ModelManifest.Read(manifestPath);
        ClassMatrix Make() => EmbedLabels(manifestPath, manifest, labels, options, cancellation);
        var classes = options.CacheFolder is { } folder
            ? new TextEmbeddingCache(folder).GetOrAdd(Program(manifestPath, manifest, "text").Sha256, labels, Make)
            : Make();
        return Open(manifestPath, manifest, classes, options);
    }

    /// <summary>Opens the vision program beside a manifest for labels whose vectors are known.</summary>
    /// <exception cref="ModelFormatException">A file is missing or broken, or the vectors are not of the model's size.</exception>
    public static ZeroShotClassifier Open(string manifestPath, ClassMatrix classes, ZeroShotOptions? options = null) =>
        Open(manifestPath, ModelManifest.Read(manifestPath), classes, options ?? new ZeroShotOptions());

    /// <summary>Frees the vision program.</summary>
    public void Dispose() => vision.Dispose();

    private static ZeroShotClassifier Open(string manifestPath, ModelManifest manifest, ClassMatrix classes, ZeroShotOptions options)
    {
        var image = manifest.Image ?? throw new ModelFormatException("image", "an image input", "none", manifestPath);
        float scale = manifest.LogitScale ?? throw new ModelFormatException("logit_scale", "the logit scale of an image-text model", "none", manifestPath);
        if (manifest.EmbeddingDim is { } dimensions && dimensions != classes.Dimensions)
            throw new ModelFormatException("embedding_dim", $"{classes.Dimensions}, the size of the labels' vectors", $"{dimensions}", manifestPath);
        var vision = new ModuleEncoder(Module.Load(Beside(manifestPath, Program(manifestPath, manifest, "vision").File), options.Runtime));
        try
        {
            return new ZeroShotClassifier(vision, new ImageClassifier(new ImageEmbedder(vision, image), new CosineClassifier(classes, scale), options.Unknown), classes);
        }
        catch
        {
            vision.Dispose();
            throw;
        }
    }

    private static ClassMatrix EmbedLabels(string manifestPath, ModelManifest manifest, LabelSet labels, ZeroShotOptions options, CancellationToken cancellation)
    {
        var input = manifest.Text ?? throw new ModelFormatException("text", "a text input", "none: the model has no text tower, labels need example pictures", manifestPath);
        string merges = options.MergesFile ?? (input.MergesFile is { } file ? Beside(manifestPath, file) : null)
            ?? throw new ModelFormatException("text.merges_file", "the merge file of the tokenizer (bpe_simple_vocab_16e6.txt.gz)", "none, and none was given", manifestPath);
        using var encoder = new ModuleEncoder(Module.Load(Beside(manifestPath, Program(manifestPath, manifest, "text").File), options.Runtime));
        return new TextEmbedder(encoder, LoadTokenizer(merges, input), input).EmbedLabels(labels, options.Progress, cancellation);
    }

    private static ClipTokenizer LoadTokenizer(string path, TextInput input)
    {
        try
        {
            return ClipTokenizer.Load(File.ReadAllBytes(path), input.Vocabulary);
        }
        catch (ModelFormatException e)
        {
            throw e.In(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelFormatException("the file", "a readable merge file", e.Message, path, e);
        }
    }

    private static ProgramEntry Program(string manifestPath, ModelManifest manifest, string name) =>
        manifest.Find(name) ?? throw new ModelFormatException("programs", $"a {name} program", string.Join(", ", manifest.Programs.Select(p => p.Name)), manifestPath);

    private static string Beside(string manifestPath, string file) => file.Length > 0 && Path.GetFileName(file) == file
        ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(manifestPath))!, file)
        : throw new ModelFormatException("programs", "a file name without folder", file, manifestPath);
}
