using ExecuSharp.Benchmarking;
using ExecuSharp.Comparison;
using ExecuSharp.Conversion;
using ExecuSharp.Core;
using ExecuSharp.Models.Embeddings;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Runtime;
using ExecuSharp.Tensors;
using ExecuSharp.Verification;
using ExecuSharp.Vision.Classification;
using ExecuSharp.Vision.Embedding;
using ExecuSharp.Vision.Text;

namespace ExecuSharp.Cli.Demo;

/// <summary>The whole chain on the small trained model: convert, verify, compare, measure, classify.</summary>
internal sealed record DemoRun(ConversionReport Conversion, IReadOnlyList<CaseResult> Verification, BenchmarkResult Benchmark, IReadOnlyList<DemoAnswer> Answers)
{
    /// <summary>Largest difference of an embedding that a PNG's exact pixels may have.</summary>
    public const double PngTolerance = 1e-4;

    /// <summary>Lowest cosine of an embedding.</summary>
    public const double MinCosine = 0.999;

    public bool Passed => Verification.All(v => v.Status == CaseStatus.Pass) && Answers.All(a => a.AgreesWithPyTorch && a.Cosine >= MinCosine && (!a.Picture.Name.EndsWith(".png", StringComparison.Ordinal) || a.MaxAbs <= PngTolerance));

    public static DemoRun Execute(DemoFiles files, string folder, IProgress<string> progress, CancellationToken cancellation)
    {
        var conversion = ModelConverter.Convert(files.Checkpoint, folder, new ConvertOptions { Layers = true, Overwrite = true }, progress, cancellation);
        progress.Report("verify the official exporter's program in our runtime");
        var verification = BundleVerifier.Verify(Path.Combine(files.Folder, "vision_xnnpack.bpte"));
        var manifest = ModelManifest.Read(conversion.ManifestPath!);
        string PathOf(string program) => Path.Combine(folder, manifest.Find(program)!.File);
        progress.Report("measure");
        var benchmark = ProgramBenchmark.Run(PathOf("vision"), new BenchmarkOptions { Duration = TimeSpan.FromSeconds(1) }, null, cancellation);
        progress.Report($"embed {files.Objects.Count} labels");
        var classes = EmbedLabels(files, manifest, PathOf("text"), cancellation);
        progress.Report($"classify {files.Pictures.Count} pictures");
        return new DemoRun(conversion, verification, benchmark, Classify(files, manifest, PathOf("vision"), classes, cancellation));
    }

    private static ClassMatrix EmbedLabels(DemoFiles files, ModelManifest manifest, string program, CancellationToken cancellation)
    {
        var text = manifest.Text!;
        var tokenizer = ClipTokenizer.Load(File.ReadAllBytes(Path.Combine(files.Folder, "bpe_demo_1536.txt.gz")), text.Vocabulary);
        using var encoder = new ModuleEncoder(Module.Load(program));
        var embedder = new TextEmbedder(encoder, tokenizer, text);
        int width = manifest.EmbeddingDim!.Value;
        var matrix = Tensor.Empty(ScalarType.Float, [files.Objects.Count, width]);
        for (int i = 0; i < files.Objects.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var sum = new float[width];
            foreach (string prompt in files.Prompts[files.Objects[i]])
                Add(sum, Unit(embedder.Embed(prompt)));
            Unit(sum).CopyTo(matrix.Span<float>().Slice(i * width, width));
        }
        return new ClassMatrix(files.Objects, matrix);
    }

    private static List<DemoAnswer> Classify(DemoFiles files, ModelManifest manifest, string program, ClassMatrix classes, CancellationToken cancellation)
    {
        var expected = TensorFiles.Read(Path.Combine(files.Folder, "expected.safetensors")).ToDictionary(t => t.Key, t => t.Value)["image_embedding"];
        int width = expected.Sizes[1];
        using var encoder = new ModuleEncoder(Module.Load(program));
        var classifier = new ImageClassifier(new ImageEmbedder(encoder, manifest.Image!), new CosineClassifier(classes, manifest.LogitScale!.Value));
        var answers = new List<DemoAnswer>();
        for (int i = 0; i < files.Pictures.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = classifier.Classify(File.ReadAllBytes(files.Pictures[i].Path));
            var similarity = Similarity.Of(Tensor.From<float>(expected.Span<float>().Slice(i * width, width), width), Tensor.From(result.Embedding.Span, width));
            answers.Add(new DemoAnswer(files.Pictures[i], [.. result.Scores.Take(3)], similarity.Cosine, similarity.MaxAbs));
        }
        return answers;
    }

    private static float[] Unit(float[] vector)
    {
        float length = MathF.Sqrt(vector.Sum(v => v * v));
        return Array.ConvertAll(vector, v => v / length);
    }

    private static void Add(float[] sum, float[] vector)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += vector[i];
    }
}
