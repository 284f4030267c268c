using System.Globalization;
using ExecuSharp.Cli.Output;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Vision.Classification;
using ExecuSharp.Vision.Embedding;

namespace ExecuSharp.Cli.Classification;

/// <summary>A classifier as the command line describes it, with what frees it.</summary>
internal sealed class OpenedClassifier : IDisposable
{
    // exp(4.6052) = 100, the factor of the published evaluations, for models without texts
    private const float UsualLogitScale = 4.6052f;

    private readonly IDisposable owner;

    private OpenedClassifier(string method, ImageClassifier images, float? limit, IDisposable owner) => (Method, Images, Limit, this.owner) = (method, images, limit, owner);

    /// <summary>words, prototypes or neighbours.</summary>
    public string Method { get; }

    public ImageClassifier Images { get; }

    /// <summary>Cosine below which a picture shows none of the labels.</summary>
    public float? Limit { get; }

    public static OpenedClassifier Open(ClassifierRequest request, Reporter reporter, CancellationToken cancellation)
    {
        if (request is { Prototypes: not null, Neighbours: not null } || (request.Labels is not null && (request.Prototypes ?? request.Neighbours) is not null))
            throw new UsageException("--labels, --prototypes and --neighbours: only one of them");
        if (request.K < 1)
            throw new UsageException($"--k {request.K}: at least one neighbour votes");
        return (request.Prototypes ?? request.Neighbours) is { } folder ? ByExamples(request, folder, reporter, cancellation) : ByWords(request, reporter, cancellation);
    }

    public void Dispose() => owner.Dispose();

    private static OpenedClassifier ByWords(ClassifierRequest request, Reporter reporter, CancellationToken cancellation)
    {
        var labels = LabelChoice.Read(request, ModelManifest.Read(request.Model));
        reporter.Report($"embed {labels.Labels.Count} labels");
        var opened = ZeroShotClassifier.Open(request.Model, labels, new ZeroShotOptions { MergesFile = request.Merges, CacheFolder = request.Cache }, cancellation);
        try
        {
            var classifier = new CosineClassifier(opened.Classes, ModelManifest.Read(request.Model).LogitScale!.Value);
            return Finish("words", request, opened.Images.Images, classifier, null, reporter, cancellation, opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private static OpenedClassifier ByExamples(ClassifierRequest request, string folder, Reporter reporter, CancellationToken cancellation)
    {
        var model = ImageModel.Open(request.Model);
        try
        {
            var examples = ExampleSet.Read(folder, model.Embedder, reporter, cancellation);
            bool prototypes = request.Prototypes is not null;
            IEmbeddingClassifier classifier = prototypes
                ? CosineClassifier.FromPrototypes(examples.Examples, model.Manifest.LogitScale ?? UsualLogitScale)
                : new NeighbourClassifier(examples.Examples, request.K);
            return Finish(prototypes ? "prototypes" : "neighbours", request, model.Embedder, classifier, () => examples.HeldOutCosines(prototypes), reporter, cancellation, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static OpenedClassifier Finish(string method, ClassifierRequest request, ImageEmbedder images, IEmbeddingClassifier classifier, Func<IReadOnlyList<float>>? examples, Reporter reporter, CancellationToken cancellation, IDisposable owner)
    {
        float? limit = Calibrated(request, images, classifier, examples, reporter, cancellation);
        var rule = limit is not null || request.Nothing.Count > 0 ? new UnknownRule(limit, request.Nothing) : null;
        return new OpenedClassifier(method, new ImageClassifier(images, classifier, rule), limit, owner);
    }

    private static float? Calibrated(ClassifierRequest request, ImageEmbedder images, IEmbeddingClassifier classifier, Func<IReadOnlyList<float>>? examples, Reporter reporter, CancellationToken cancellation)
    {
        if (request.Unknown is not { } unknown)
            return request.Known is null ? null : throw new UsageException("--known needs --unknown FOLDER");
        if (float.TryParse(unknown, NumberStyles.Float, CultureInfo.InvariantCulture, out float cosine))
            return cosine is >= -1 and <= 1 ? cosine : throw new UsageException($"--unknown {unknown}: a cosine is from -1 to 1");
        if (!Directory.Exists(unknown))
            throw new UsageException($"--unknown {unknown}: expected a cosine, or a folder of pictures that show none of the labels");
        var seen = request.Known is { } folder ? Best(folder)
            : examples?.Invoke() ?? throw new UsageException("--unknown with a folder: --known FOLDER says which pictures show the labels");
        return UnknownRule.Calibrate(seen, Best(unknown));

        List<float> Best(string pictures)
        {
            var cosines = new List<float>();
            foreach (string path in PictureFiles.Expand([pictures]))
            {
                cancellation.ThrowIfCancellationRequested();
                reporter.Report($"calibrate: {path}");
                cosines.Add(classifier.Score(images.EmbedFile(path)).Max(s => s.Cosine));
            }
            return cosines;
        }
    }
}
