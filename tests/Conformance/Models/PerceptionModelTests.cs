using System.Text.Json.Nodes;
using ExecuSharp.Core;
using ExecuSharp.Models;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>Reduced Perception Encoders of every family, in every layout, against recorded PyTorch outputs.</summary>
public class PerceptionModelTests(ModelData data) : IClassFixture<ModelData>
{
    private const double Tolerance = 2e-5;

    private static readonly string[] Halves = ["fp16", "bf16"];

    [Fact]
    public void Packed_models_give_the_recorded_stages() => Assert.True(CheckAll(data.Packed) >= 8);

    [SharedFact]
    public void All_models_give_the_recorded_stages() => Assert.True(CheckAll(ModelData.Shared) >= 27);

    [Fact]
    public void Packed_layouts_of_the_same_weights_give_the_same_graph() => Assert.True(CompareLayouts(data.Packed) >= 2);

    [SharedFact]
    public void All_layouts_of_the_same_weights_give_the_same_graph() => Assert.True(CompareLayouts(ModelData.Shared) >= 12);

    [Fact]
    public void Packed_other_image_sizes_follow_the_official_convention() => Assert.True(CheckOtherSizes(data.Packed) >= 3);

    [SharedFact]
    public void Other_image_sizes_follow_the_official_convention() => Assert.True(CheckOtherSizes(ModelData.Shared) >= 8);

    private static int CheckAll(string root)
    {
        int count = 0;
        foreach (string folder in Folders(root))
        {
            var stages = ModelData.Load(Path.Combine(folder, "stages.safetensors"));
            foreach (string path in Checkpoints(folder))
            {
                using var checkpoint = Checkpoint.Open(path);
                Check(Path.GetFileName(folder) + "/" + Path.GetFileName(path), checkpoint, stages);
                count++;
            }
        }
        return count;
    }

    private static void Check(string what, Checkpoint checkpoint, Dictionary<string, Tensor> stages)
    {
        string? half = Halves.FirstOrDefault(h => checkpoint.Name.Contains(h, StringComparison.Ordinal));
        var image = ModelData.Image(stages["image_u8"]);
        var options = new ModelBuildOptions { Batch = image.Sizes[0], TextBatch = stages.TryGetValue("ids", out var ids) ? ids.Sizes[0] : 1, WithStages = half is null };
        var model = ModelRegistry.Default.Detect(checkpoint).Build(options);
        Compare(what, GraphRun.Outputs(model.Find("vision")!.Graph, image), stages, "vision.", half);
        if (model.Find("text") is { } text)
            Compare(what, GraphRun.Outputs(text.Graph, ids!), stages, "text.", half);
    }

    private static void Compare(string what, Dictionary<string, Tensor> outputs, Dictionary<string, Tensor> stages, string tower, string? half)
    {
        int compared = 0;
        foreach (var (name, actual) in outputs)
        {
            string recorded = half is null
                ? tower + (name is "image_embedding" or "text_embedding" ? "embedding" : name)
                : $"{half}_weights.{name}";
            if (half is not null && !stages.ContainsKey(recorded))
                continue;
            Assert.True(stages.ContainsKey(recorded), $"{what}: no recorded {recorded}");
            GraphRun.Close($"{what} {recorded}", stages[recorded], actual, Tolerance);
            if (name.EndsWith("embedding", StringComparison.Ordinal))
                Assert.True(GraphRun.LowestCosine(stages[recorded], actual) > 0.999999, what);
            compared++;
        }
        Assert.True(compared > (half is null ? 4 : 0), what);
    }

    private static int CompareLayouts(string root)
    {
        int count = 0;
        foreach (string folder in Folders(root))
        {
            Dictionary<string, string>? first = null;
            foreach (string path in Checkpoints(folder).Where(p => !Halves.Any(h => Path.GetFileName(p).Contains(h, StringComparison.Ordinal))))
            {
                using var checkpoint = Checkpoint.Open(path);
                var graphs = ModelRegistry.Default.Detect(checkpoint).Build().Programs.ToDictionary(p => p.Name, p => GraphText.Of(p.Graph));
                first ??= graphs;
                foreach (var (name, text) in graphs)
                    Assert.True(first[name] == text, $"{path}: the {name} graph differs");
                count++;
            }
        }
        return count;
    }

    private static int CheckOtherSizes(string root)
    {
        int count = 0;
        foreach (string path in Directory.GetFiles(Path.Combine(root, "perception-encoder", "off_native"), "*.safetensors").Order())
        {
            string name = Path.GetFileNameWithoutExtension(path);
            var recorded = ModelData.Load(path);
            var image = ModelData.Image(recorded["image_u8"]);
            string folder = Path.Combine(root, "perception-encoder", "models", name[..name.LastIndexOf('_')]);
            using var checkpoint = Checkpoint.Open(Checkpoints(folder).First());
            foreach (var convention in new[] { PositionConvention.Official, PositionConvention.Timm })
            {
                var options = new ModelBuildOptions { ImageHeight = image.Sizes[2], ImageWidth = image.Sizes[3], Batch = image.Sizes[0], WithStages = true, Positions = convention };
                var built = ModelRegistry.Default.Detect(checkpoint).Build(options);
                string prefix = convention.ToString().ToLowerInvariant();
                Assert.Equal(prefix, built.Manifest.Positions);
                var outputs = GraphRun.Outputs(built.Find("vision")!.Graph, image);
                if (recorded.TryGetValue(prefix + ".ln_pre", out var start))
                    GraphRun.Close($"{name} {prefix} ln_pre", start, outputs["ln_pre"], Tolerance);
                GraphRun.Close($"{name} {prefix} tokens", recorded[prefix + ".tokens"], outputs.GetValueOrDefault("ln_post") ?? outputs["features"], Tolerance);
                if (outputs.TryGetValue("image_embedding", out var embedding))
                    GraphRun.Close($"{name} {prefix} embedding", recorded[prefix + ".embedding"], embedding, Tolerance);
            }
            count++;
        }
        return count;
    }

    private static IEnumerable<string> Folders(string root) => Directory.GetDirectories(Path.Combine(root, "perception-encoder", "models")).Order();

    private static IEnumerable<string> Checkpoints(string folder) => Directory.GetFiles(folder).Order().Where(p =>
        Path.GetFileName(p) is var n && n != "stages.safetensors" && !n.Contains("torchscript", StringComparison.Ordinal)
        && (n.EndsWith(".pt", StringComparison.Ordinal) || n.EndsWith(".safetensors", StringComparison.Ordinal)));
}
