using System.Text.Json.Nodes;
using ExecuSharp.Core;
using ExecuSharp.Models;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Models.Embeddings;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Vision.Classification;
using ExecuSharp.Vision.Embedding;
using ExecuSharp.Vision.Text;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>The trained demonstration model from its checkpoint, against recorded PyTorch outputs.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly Checkpoint checkpoint = Checkpoint.Open(DemoFolder.Get("PE-Demo-T8-64.pt"));
    private readonly Dictionary<string, Tensor> expected = ModelData.Load(DemoFolder.Get("expected.safetensors"));
    private readonly JsonObject pictures = DemoFolder.Json("pictures.json");
    private readonly BuiltModel model;

    public DemoTests() => model = ModelRegistry.Default.Detect(checkpoint).Build();

    [Fact]
    public void Image_embeddings_and_best_labels()
    {
        var classifier = Classifier("objects");
        string[] order = [.. pictures["order"]!.AsArray().Select(p => (string)p!)];
        for (int i = 0; i < order.Length; i++)
        {
            var answer = classifier.Classify(File.ReadAllBytes(DemoFolder.Get("pictures", order[i])));
            var recorded = expected["image_embedding"].Span<float>().Slice(i * 96, 96);
            if (order[i].EndsWith(".png", StringComparison.Ordinal))
                GraphRun.Close(order[i], recorded, answer.Embedding.Span, 2e-5);
            Assert.True(UnitVectors.Dot(UnitVectors.Normalize(recorded), UnitVectors.Normalize(answer.Embedding.Span)) > 0.9999, order[i]);
            var top = pictures["pictures"]![order[i]]!;
            Assert.Equal((string)top["top3"]![0]!, answer.Best.Label);
            Assert.Equal((double)top["probabilities"]![0]!, answer.Best.Probability, 0.01);
            Assert.Equal((double)top["cosines"]![0]!, answer.Best.Cosine, 0.005);
        }
    }

    [Theory]
    [InlineData("colors")]
    [InlineData("shapes")]
    public void Text_embeddings_and_class_vectors(string list)
    {
        var labels = DemoFolder.Labels(list);
        var embedder = Texts();
        string[] prompts = [.. LabelPrompts.Of(labels).SelectMany(p => p)];
        var recorded = expected[list + ".text_embedding"];
        for (int i = 0; i < prompts.Length; i++)
            GraphRun.Close(prompts[i], recorded.Span<float>().Slice(i * 96, 96), embedder.Embed(prompts[i]), 2e-5);
        GraphRun.Close(list, expected[list + ".class_matrix"], embedder.EmbedLabels(labels).Matrix, 1e-5);
    }

    [Fact]
    public void Logits_are_the_recorded_ones()
    {
        var classifier = new CosineClassifier(new ClassMatrix(DemoFolder.Labels("objects").Labels, expected["objects.class_matrix"]), model.Manifest.LogitScale!.Value);
        var embeddings = expected["image_embedding"];
        for (int i = 0; i < embeddings.Sizes[0]; i++)
        {
            var logits = classifier.Score(embeddings.Span<float>().Slice(i * 96, 96)).ToDictionary(s => s.Label, s => s.Logit);
            float[] inOrder = [.. classifier.Classes.Labels.Select(l => logits[l])];
            GraphRun.Close($"picture {i}", expected["logits"].Span<float>().Slice(i * 65, 65), inOrder, 4e-4);
        }
    }

    [Fact]
    public void A_broken_picture_does_not_stop_the_others()
    {
        string broken = Path.GetTempFileName();
        try
        {
            File.WriteAllText(broken, "no picture");
            var answers = Classifier("shapes").ClassifyFiles([DemoFolder.Get("pictures", "demo_02.png"), broken, broken + ".missing", DemoFolder.Get("pictures", "demo_03.png")]).ToList();
            Assert.Equal([true, false, false, true], answers.Select(a => a.Result is not null));
            Assert.Equal(broken, answers[1].Error!.File);
            Assert.Equal("heart", answers[0].Result!.Best.Label);
        }
        finally
        {
            File.Delete(broken);
        }
    }

    [Fact]
    public void Example_pictures_can_stand_for_labels()
    {
        var examples = Singles().Where((_, i) => i % 2 == 0).ToList();
        var prototypes = CosineClassifier.FromPrototypes(examples.Select(e => (e.Color, e.Embedding)), model.Manifest.LogitScale!.Value);
        var neighbours = new NeighbourClassifier(examples.Select(e => (e.Color, e.Embedding)), neighbours: 1);
        var held = Singles().Where((_, i) => i % 2 == 1).Where(e => prototypes.Classes.Labels.Contains(e.Color)).ToList();
        Assert.True(held.Count >= 10);
        Assert.True(held.Count(e => prototypes.Score(e.Embedding)[0].Label == e.Color) >= held.Count * 0.7);
        Assert.True(held.Count(e => neighbours.Score(e.Embedding)[0].Label == e.Color) >= held.Count * 0.7);
    }

    [Fact]
    public void Pictures_without_an_object_are_unknown_after_calibration()
    {
        var objects = DemoFolder.Labels("objects");
        string[] labels = [.. objects.Labels.Where(l => l != "nothing")];
        var matrix = new ClassMatrix(labels, new Tensor(ScalarType.Float, [labels.Length, 96], expected["objects.class_matrix"].Storage[..(labels.Length * 96 * 4)]));
        var classifier = new CosineClassifier(matrix, model.Manifest.LogitScale!.Value);
        float Best(float[] embedding) => classifier.Score(embedding)[0].Cosine;
        var known = Singles().Select(e => Best(e.Embedding)).ToList();
        var none = Embeddings("none").Select(e => Best(e.Embedding)).ToList();
        float limit = UnknownRule.Calibrate(known, none);
        Assert.True(known.Count(c => c < limit) + none.Count(c => c >= limit) <= 2, $"limit {limit}");
        Assert.True(new UnknownRule(NothingLabels: ["Nothing"]).Holds([new LabelScore("nothing", 1, 0.9f, 1)]));
        Assert.False(new UnknownRule(0.5f).Holds([new LabelScore("x", 1, 0.6f, 1)]));
    }

    [Fact]
    public void The_official_program_is_used_through_a_manifest()
    {
        string folder = Directory.CreateTempSubdirectory("execusharp-demo").FullName;
        try
        {
            File.Copy(DemoFolder.Get("vision_xnnpack.bpte"), Path.Combine(folder, "vision.pte"));
            var manifest = model.Manifest with { Programs = [new ProgramEntry("vision", "vision.pte", "")] };
            File.WriteAllBytes(Path.Combine(folder, "model.json"), manifest.ToJson());
            using var classifier = ZeroShotClassifier.Open(Path.Combine(folder, "model.json"), Texts().EmbedLabels(DemoFolder.Labels("colors")));
            var answer = classifier.Images.Classify(File.ReadAllBytes(DemoFolder.Get("pictures", "demo_02.png")));
            Assert.Equal("yellow shape", answer.Best.Label);
            GraphRun.Close("embedding", expected["image_embedding"].Span<float>().Slice(96, 96), answer.Embedding.Span, 1e-4);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose() => checkpoint.Dispose();

    private ImageClassifier Classifier(string list) => new(
        new ImageEmbedder(new GraphEncoder(model.Find("vision")!.Graph), model.Manifest.Image!),
        new CosineClassifier(new ClassMatrix(DemoFolder.Labels(list).Labels, expected[list + ".class_matrix"]), model.Manifest.LogitScale!.Value));

    private TextEmbedder Texts() => new(new GraphEncoder(model.Find("text")!.Graph),
        ClipTokenizer.Load(File.ReadAllBytes(DemoFolder.Get("bpe_demo_1536.txt.gz")), model.Manifest.Text!.Vocabulary), model.Manifest.Text);

    private IEnumerable<(string Color, float[] Embedding)> Singles() => Embeddings("single").Select(e => (e.Truth[0].Split(' ')[0], e.Embedding));

    private IEnumerable<(string[] Truth, float[] Embedding)> Embeddings(string kind) => pictures["order"]!.AsArray().Select((p, i) => (Entry: pictures["pictures"]![(string)p!]!, Index: i))
        .Where(p => (string)p.Entry["kind"]! == kind)
        .Select(p => (p.Entry["truth"]!.AsArray().Select(t => (string)t!).ToArray(), expected["image_embedding"].Span<float>().Slice(p.Index * 96, 96).ToArray()));
}
