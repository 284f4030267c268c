using System.Text.Json.Nodes;
using ExecuSharp.Core;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>Reads the sizes of a Perception Encoder from the shapes of its tensors; only the head counts of unpublished sizes need a configuration.</summary>
internal static class PerceptionDetector
{
    private const int HeadDim = 64;

    public static PerceptionConfig Detect(Checkpoint checkpoint, LayoutKeys keys)
    {
        var vision = keys.VisionPrefix is null ? null : Vision(checkpoint, keys);
        var text = keys.TextPrefix is null ? null : Text(checkpoint, keys);
        if (PerceptionCatalog.Match(vision, text) is { } published)
            return new PerceptionConfig(published.Name, vision, text);
        string family = vision switch { null => "PE text", { UsePool: true } => "PE-Core", { LayerScale: true } => "PE-Lang", _ => "PE-Spatial" };
        string name = String(checkpoint.Configuration, "name") ?? String(checkpoint.Configuration, "model")
            ?? $"{family} of width {vision?.Width ?? text?.Width} and {vision?.Layers ?? text?.Layers} layers";
        return new PerceptionConfig(name, vision, text);
    }

    private static VisionTowerConfig Vision(Checkpoint checkpoint, LayoutKeys keys)
    {
        long[] Shape(string name) => keys.Find(keys.Vision(name))?.Shape.ToArray() ?? [];
        if (Shape("conv1.weight") is not [> 0 and <= 1 << 20, 3, > 0 and <= 4096 and var patch, _] conv)
            throw Lacks(checkpoint, keys.Vision("conv1.weight"), "[width, 3, patch, patch]", Shape("conv1.weight"));
        if (Shape("positional_embedding") is not [.., > 0 and <= 1 << 24 and var rows, _])
            throw Lacks(checkpoint, keys.Vision("positional_embedding"), "[tokens, width]", Shape("positional_embedding"));
        int width = (int)conv[0];
        bool useClass = keys.Find(keys.Vision("class_embedding")) is not null || (!IsSquare(rows) && IsSquare(rows - 1));
        int grid = (int)Math.Sqrt(rows - (useClass ? 1 : 0));
        string blocks = keys.Vision("transformer.resblocks.");
        bool pool = keys.Any(keys.VisionPrefix + "attn_pool.");
        var projection = keys.Find(keys.IsTimm ? keys.VisionPrefix + "head.weight" : keys.Vision("proj"));
        int layers = keys.Count(blocks);
        bool scale = Enumerable.Range(0, layers).Any(i => keys.Find(keys.Vision($"transformer.resblocks.{i}.ls_1.gamma")) is not null);
        return new VisionTowerConfig(grid * (int)patch, (int)patch, width, layers,
            Heads(checkpoint, "vision", width, PerceptionCatalog.All.Select(c => (c.Vision!.Width, c.Vision.Heads))),
            Mlp(keys, layers, width, n => keys.Vision(n)),
            pool ? projection is { Shape: [var first, var last] } ? (int)Math.Min(keys.IsTimm ? first : last, 1 << 20) : width : null,
            useClass, pool, scale, Configured(checkpoint, "vision", "pool_heads") ?? 8);
    }

    private static TextTowerConfig Text(Checkpoint checkpoint, LayoutKeys keys)
    {
        long[] Shape(string name) => keys.Find(keys.Text(name))?.Shape.ToArray() ?? [];
        if (Shape("token_embedding.weight") is not [> 2 and <= 1 << 24 and var vocabulary, > 0 and <= 1 << 20 and var width])
            throw Lacks(checkpoint, keys.Text("token_embedding.weight"), "[vocabulary, width]", Shape("token_embedding.weight"));
        if (Shape("positional_embedding") is not [> 1 and <= 1 << 16 and var context, _])
            throw Lacks(checkpoint, keys.Text("positional_embedding"), "[context, width]", Shape("positional_embedding"));
        int layers = keys.Count(keys.Text("transformer.resblocks."));
        return new TextTowerConfig((int)context, (int)vocabulary, (int)width, layers,
            Heads(checkpoint, "text", (int)width, PerceptionCatalog.All.Where(c => c.Text is not null).Select(c => (c.Text!.Width, c.Text.Heads))),
            Mlp(keys, layers, (int)width, keys.Text),
            Shape("text_projection") is [_, > 0 and <= 1 << 20 and var output] ? (int)output : (int)width);
    }

    private static int Mlp(LayoutKeys keys, int layers, int width, Func<string, string> key) =>
        Enumerable.Range(0, layers).Select(i => keys.Find(key($"transformer.resblocks.{i}.mlp.c_fc.weight"))).FirstOrDefault(t => t is { Shape.Length: 2 }) is { } t
            ? (int)Math.Min(t.Shape[0], 1 << 24) : 4 * width;

    /// <summary>The configuration's head count, that of a published tower of this width, or heads of 64 channels.</summary>
    private static int Heads(Checkpoint checkpoint, string tower, int width, IEnumerable<(int Width, int Heads)> published)
    {
        if (Configured(checkpoint, tower, "heads") is { } heads)
            return heads > 0 && width % heads == 0 && (tower == "text" || width / heads % 4 == 0)
                ? heads
                : throw new ModelFormatException($"the configuration, {tower}.heads", $"a number that divides the width {width}", $"{heads}", checkpoint.Name);
        foreach (var row in published)
            if (row.Width == width)
                return row.Heads;
        if (width % HeadDim == 0)
            return width / HeadDim;
        throw new UnsupportedModelException(checkpoint.Name, [new UnsupportedItem($"a {tower} tower of width {width}", "the state dict",
            $"the number of attention heads is not in the tensors, and this is no published size; put {{\"{tower}\": {{\"heads\": N}}}} into a JSON file beside the checkpoint")]);
    }

    private static int? Configured(Checkpoint checkpoint, string tower, string key)
    {
        var section = checkpoint.Configuration?[tower] ?? (checkpoint.Configuration?["model_cfg"] as JsonObject)?[tower + "_cfg"];
        return section is JsonObject o && o[key] is JsonValue value && value.TryGetValue(out int number) ? number : null;
    }

    private static string? String(JsonObject? node, string key) => node?[key] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    private static bool IsSquare(long n) => n > 0 && (long)Math.Sqrt(n) is var r && r * r == n;

    private static ModelFormatException Lacks(Checkpoint checkpoint, string key, string shape, long[] found) =>
        new("the state dict", $"{key} {shape}", found.Length == 0 ? "missing" : $"[{string.Join(", ", found)}]", checkpoint.Path ?? checkpoint.Name);
}
