using System.Text;
using System.Text.Json.Nodes;
using ExecuSharp.Core;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Models;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>Stages of tiny models with weights made from their names, computed in double precision by an independent implementation.</summary>
public class TinyGoldenTests(ModelData data) : IClassFixture<ModelData>
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("core_cls_16px_native")]
    [InlineData("core_cls_24px_interpolated")]
    [InlineData("core_cls_8px_interpolated")]
    [InlineData("core_nocls_16px")]
    [InlineData("spatialG_ls_nocls_16px")]
    public void Vision_stages(string name)
    {
        var golden = Golden()[name]!;
        var config = golden["cfg"]!;
        int image = (int)golden["image"]!;
        using var checkpoint = Generate(VisionShapes(config), (int)config["heads"]!, (int)config["pool_heads"]!);
        var options = new ModelBuildOptions { ImageHeight = image, ImageWidth = image, WithStages = true };
        var pixels = new float[3 * image * image];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (float)((2 * Uniform($"image{image}", i)) - 1);
        var outputs = GraphRun.Outputs(ModelRegistry.Default.Detect(checkpoint).Build(options).Programs[0].Graph, Tensor.From<float>(pixels, 1, 3, image, image));
        Edge(golden, "after_ln_pre", outputs["ln_pre"]);
        Edge(golden, "after_block0", outputs["block_0"]);
        Edge(golden, "after_block1", outputs["block_1"]);
        if (golden["pooled"] is null)
            return;
        GraphRun.Close("pooled", Floats(golden["pooled"]!), outputs["pooled"].Span<float>(), Tolerance);
        GraphRun.Close("embedding", Floats(golden["embedding"]!), outputs["image_embedding"].Span<float>(), Tolerance);
        var normalized = GraphRun.Outputs(ModelRegistry.Default.Detect(checkpoint).Build(options with { Normalize = true }).Programs[0].Graph, Tensor.From<float>(pixels, 1, 3, image, image));
        GraphRun.Close("embedding_l2", Floats(golden["embedding_l2"]!), normalized["image_embedding"].Span<float>(), Tolerance);
    }

    [Fact]
    public void Text()
    {
        var golden = Golden()["text"]!;
        long[] ids = [.. golden["ids"]!.AsArray().Select(n => (long)n!)];
        using var checkpoint = Generate(TextShapes(golden["cfg"]!), (int)golden["cfg"]!["heads"]!, 8);
        var graph = ModelRegistry.Default.Detect(checkpoint).Build().Find("text")!.Graph;
        GraphRun.Close("text", Floats(golden["embedding"]!), GraphRun.Outputs(graph, Tensor.From<long>(ids, 1, ids.Length))["text_embedding"].Span<float>(), Tolerance);
    }

    private static void Edge(JsonNode golden, string stage, Tensor tokens)
    {
        int width = tokens.Sizes[2];
        GraphRun.Close(stage, Floats(golden[stage + "_token0"]!), tokens.Span<float>()[..width], Tolerance);
        GraphRun.Close(stage, Floats(golden[stage + "_last"]!), tokens.Span<float>()[^width..], Tolerance);
    }

    private JsonNode Golden() => JsonNode.Parse(File.ReadAllBytes(Path.Combine(data.Packed, "perception-encoder", "tiny_golden.json")))!;

    private static float[] Floats(JsonNode node) => [.. node.AsArray().Select(n => (float)(double)n!)];

    private static IEnumerable<(string Name, int[] Shape)> VisionShapes(JsonNode c)
    {
        int d = (int)c["width"]!, p = (int)c["patch"]!, g = (int)c["grid"]!, first = (int)c["cls"]!;
        if (first == 1)
            yield return ("visual.class_embedding", [d]);
        yield return ("visual.positional_embedding", [first + (g * g), d]);
        yield return ("visual.conv1.weight", [d, 3, p, p]);
        foreach (var entry in Affine("visual.ln_pre", d).Concat(Blocks("visual.", c, (int)c["mlp"]!, (int)c["ls"]! == 1)))
            yield return entry;
        if ((int)c["pool_heads"]! == 0)
            yield break;
        yield return ("visual.attn_pool.probe", [1, 1, d]);
        yield return ("visual.attn_pool.attn.in_proj_weight", [3 * d, d]);
        yield return ("visual.attn_pool.attn.in_proj_bias", [3 * d]);
        yield return ("visual.proj", [d, (int)c["out"]!]);
        foreach (var entry in (IEnumerable<(string, int[])>)[.. Affine("visual.ln_post", d), .. Linear("visual.attn_pool.attn.out_proj", d, d), .. Affine("visual.attn_pool.layernorm", d),
            .. Linear("visual.attn_pool.mlp.c_fc", 4 * d, d), .. Linear("visual.attn_pool.mlp.c_proj", d, 4 * d)])
            yield return entry;
    }

    private static IEnumerable<(string Name, int[] Shape)> TextShapes(JsonNode c)
    {
        int w = (int)c["width"]!;
        return [("token_embedding.weight", [(int)c["vocab"]!, w]), ("positional_embedding", [(int)c["context"]!, w]), .. Blocks("", c, 4 * w, false),
            .. Affine("ln_final", w), ("text_projection", [w, (int)c["out"]!]), ("logit_scale", [])];
    }

    private static IEnumerable<(string Name, int[] Shape)> Blocks(string prefix, JsonNode c, int mlp, bool scale)
    {
        int d = (int)c["width"]!;
        for (int i = 0; i < (int)c["layers"]!; i++)
        {
            string p = $"{prefix}transformer.resblocks.{i}.";
            foreach (var entry in (IEnumerable<(string, int[])>)[.. Affine(p + "ln_1", d), (p + "attn.in_proj_weight", [3 * d, d]), (p + "attn.in_proj_bias", [3 * d]),
                .. Linear(p + "attn.out_proj", d, d), .. Affine(p + "ln_2", d), .. Linear(p + "mlp.c_fc", mlp, d), .. Linear(p + "mlp.c_proj", d, mlp)])
                yield return entry;
            if (scale)
            {
                yield return (p + "ls_1.gamma", [d]);
                yield return (p + "ls_2.gamma", [d]);
            }
        }
    }

    private static (string, int[])[] Linear(string name, int rows, int columns) => [(name + ".weight", [rows, columns]), (name + ".bias", [rows])];

    private static (string, int[])[] Affine(string name, int d) => [(name + ".weight", [d]), (name + ".bias", [d])];

    private static Checkpoint Generate(IEnumerable<(string Name, int[] Shape)> shapes, int heads, int poolHeads) => new("tiny", shapes.Select(s =>
    {
        var values = new float[s.Shape.Aggregate(1, (a, b) => a * b)];
        string last = s.Name[(s.Name.LastIndexOf('.') + 1)..];
        bool norm = s.Name.Contains("ln_", StringComparison.Ordinal) || s.Name.Contains("layernorm", StringComparison.Ordinal);
        for (int i = 0; i < values.Length; i++)
        {
            double r = (2 * Uniform(s.Name, i)) - 1;
            values[i] = (float)(norm && last == "weight" ? 1 + (0.1 * r) : last.EndsWith("bias", StringComparison.Ordinal) ? 0.1 * r : last == "gamma" ? 0.1 + (0.05 * r) : 0.3 * r);
        }
        var tensor = Tensor.From<float>(values, s.Shape);
        var storage = new TensorStorage(s.Name, tensor.ByteLength, () => tensor.Storage);
        return KeyValuePair.Create(s.Name, StoredTensor.Create(s.Name, ScalarType.Float, Array.ConvertAll(s.Shape, v => (long)v), 0, storage));
    }), new JsonObject
    {
        ["vision"] = new JsonObject { ["heads"] = heads, ["pool_heads"] = Math.Max(poolHeads, 1) },
        ["text"] = new JsonObject { ["heads"] = heads },
    });

    /// <summary>In [0, 1): a hash of the tensor's name and the element's index.</summary>
    private static double Uniform(string name, int index)
    {
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 16777619;
        uint x = unchecked(hash + ((uint)index * 2654435761));
        x ^= x >> 16;
        x *= 0x7feb352d;
        x ^= x >> 15;
        x *= 0x846ca68b;
        x ^= x >> 16;
        return x / 4294967296.0;
    }
}
