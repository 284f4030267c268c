using System.Text.Json.Nodes;
using ExecuSharp.Core;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Models;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Models.PerceptionEncoder;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>The tensor names and shapes of the published models, without weights.</summary>
public class PublishedLayoutTests(ModelData data) : IClassFixture<ModelData>
{
    [Fact]
    public void Every_layout_of_every_published_model_is_recognised_by_name()
    {
        int count = 0;
        foreach (var (name, record) in Records())
            foreach (var (layout, entry) in record!["layouts"]!.AsObject())
            {
                var model = Assert.IsType<PerceptionEncoderModel>(ModelRegistry.Default.Detect(Shapes(entry!)));
                Assert.Equal(name, model.Name);
                Assert.Equal(layout, model.Layout.ToString() switch { "OpenClip" => "open_clip", var other => other.ToLowerInvariant() });
                Compare(record["vision"]!.AsObject(), model.Config.Vision!);
                if (layout != "timm")
                    Assert.Equal(record["text"] is not null, model.Config.Text is not null);
                count++;
            }
        Assert.True(count >= 29, $"{count} layouts");
    }

    [Fact]
    public void Parameter_counts_are_those_of_the_published_files()
    {
        foreach (var (name, record) in Records())
            Assert.Equal((long)record!["layouts"]!["official"]!["elements"]!, ModelRegistry.Default.Published.Single(p => p.Name == name).Parameters);
    }

    [Fact]
    public void Everything_wrong_with_a_checkpoint_is_listed()
    {
        var entry = Records()["PE-Core-S16-384"]!["layouts"]!["official"]!;
        var shapes = entry["shapes"]!.AsObject();
        shapes.Remove("visual.transformer.resblocks.3.ln_1.weight");
        shapes.Remove("text_projection");
        shapes["visual.extra"] = new JsonArray(4L);
        shapes["visual.attn_pool.attn.in_proj_bias"] = new JsonArray(7L);
        var error = Assert.Throws<ModelFormatException>(() => ModelRegistry.Default.Detect(Shapes(entry), "PE-Core-S16-384"));
        Assert.Contains("2 missing: visual.transformer.resblocks.3.ln_1.weight [384], text_projection [512, 512]", error.Found, StringComparison.Ordinal);
        Assert.Contains("1 unexpected: visual.extra [4]", error.Found, StringComparison.Ordinal);
        Assert.Contains("1 misshapen: visual.attn_pool.attn.in_proj_bias [7] instead of [1152]", error.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_tensors_are_no_known_architecture()
    {
        var entry = new JsonObject { ["shapes"] = new JsonObject { ["layer.weight"] = new JsonArray(3L, 4L) } };
        Assert.Contains("layer.weight", Assert.Throws<UnsupportedModelException>(() => ModelRegistry.Default.Detect(Shapes(entry))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Head_counts_of_unpublished_widths_must_be_configured()
    {
        var official = Path.Combine(data.Packed, "perception-encoder", "models", "core_t", "official.pt");
        using var checkpoint = Checkpoint.Open(official);
        using var bare = new Checkpoint("bare", checkpoint.Names.Select(n => KeyValuePair.Create(n, checkpoint.Tensors[n])));
        Assert.Contains("heads", Assert.Throws<UnsupportedModelException>(() => ModelRegistry.Default.Detect(bare)).Message, StringComparison.Ordinal);
    }

    private JsonObject Records() => JsonNode.Parse(File.ReadAllBytes(Path.Combine(data.Packed, "perception-encoder", "layouts.json")))!.AsObject();

    private static void Compare(JsonObject record, VisionTowerConfig config)
    {
        Assert.Equal((int)record["image_size"]![0]!, config.ImageSize);
        Assert.Equal((int)record["patch_size"]!, config.PatchSize);
        Assert.Equal((int)record["layers"]!, config.Layers);
        Assert.Equal((int)record["heads"]!, config.Heads);
        Assert.Equal((int)record["mlp"]!, config.Mlp);
        Assert.Equal((int?)record["output_dim"], config.OutputDim);
        Assert.Equal((bool)record["use_cls"]!, config.UseClassToken);
        Assert.Equal((bool)record["layer_scale"]!, config.LayerScale);
    }

    private static Checkpoint Shapes(JsonNode entry) => new("layout", entry["shapes"]!.AsObject().Select(s =>
    {
        long[] shape = [.. s.Value!.AsArray().Select(n => (long)n!)];
        long bytes = 4 * shape.Aggregate(1L, (a, b) => a * b);
        var storage = new TensorStorage(s.Key, bytes, () => throw new InvalidOperationException("shapes only"));
        return KeyValuePair.Create(s.Key, StoredTensor.Create(s.Key, ScalarType.Float, shape, 0, storage));
    }));
}
