using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>
/// The vision tower as a graph: image [batch, 3, height, width] in [-1, 1] to the embedding [batch, output], or to the features [batch, tokens, width].
/// </summary>
internal sealed class VisionTower
{
    private readonly VisionTowerConfig config;
    private readonly LayoutKeys keys;
    private readonly ModelBuildOptions options;
    private readonly GraphBuilder graph;
    private readonly Layers layers;
    private readonly int rows;
    private readonly int columns;
    private readonly int tokens;
    private readonly PositionConvention convention;
    private readonly List<(string Name, Value Value)> stages = [];

    private VisionTower(string name, VisionTowerConfig config, LayoutKeys keys, ModelBuildOptions options)
    {
        this.config = config;
        this.keys = keys;
        this.options = options;
        convention = Convention(keys, options);
        graph = new GraphBuilder(name);
        layers = new Layers(graph);
        rows = Patches(options.ImageHeight ?? config.ImageSize, "height");
        columns = Patches(options.ImageWidth ?? config.ImageSize, "width");
        tokens = (rows * columns) + (config.UseClassToken ? 1 : 0);
    }

    /// <summary>How positions go to another image size.</summary>
    public static PositionConvention Convention(LayoutKeys keys, ModelBuildOptions options) => options.Positions ?? (keys.IsTimm ? PositionConvention.Timm : PositionConvention.Official);

    public static Graph Build(VisionTowerConfig config, LayoutKeys keys, ModelBuildOptions options) =>
        new VisionTower("forward", config, keys, options).Build();

    private Graph Build()
    {
        var image = graph.Input("image", TensorSpec.Of(ScalarType.Float, [options.Batch, 3, rows * config.PatchSize, columns * config.PatchSize]));
        var x = Norm(Tokens(image), "ln_pre");
        Stage("ln_pre", x);
        var blocks = new TransformerBlocks(layers, Weight, "visual.", options.Batch, tokens, config.Width, config.Heads);
        bool scaled = convention == PositionConvention.Timm && (rows != config.Grid || columns != config.Grid);
        blocks.UseRotary(RotaryTable.Make(rows, columns, config.Width / config.Heads, config.UseClassToken, scaled ? config.Grid : null));
        int count = config.UsePool ? config.Layers : Math.Clamp(options.FeatureLayers ?? config.Layers, 0, config.Layers);
        for (int i = 0; i < count; i++)
            Stage($"block_{i}", x = blocks.Add(x, i, config.LayerScale));
        if (config.UsePool)
            graph.Output(Embedding(x), "image_embedding");
        else
            graph.Output(config.UseClassToken && options.StripClassToken ? layers.Slice(x, 1, 1, tokens) : x, "features");
        foreach (var (stage, value) in stages)
            graph.Output(value, stage);
        return graph.Build();
    }

    private Value Tokens(Value image)
    {
        int patch = config.PatchSize, width = config.Width, batch = options.Batch;
        var position = PositionEmbedding.Resize(Weight("positional_embedding"), config.Grid, config.UseClassToken, rows, columns, convention);
        var patches = layers.Convolution(image, Weight("conv1.weight"), null, [patch, patch], [0, 0], "visual.conv1");
        var x = layers.View(layers.Permute(patches, 0, 2, 3, 1), batch, rows * columns, width);
        Stage("patch_embed", x);
        int first = config.UseClassToken ? 1 : 0;
        x = layers.Add(x, layers.Constant(Weights.Rows(position, first, tokens).ViewAs([1, rows * columns, width]), "visual.positional_embedding"));
        if (config.UseClassToken)
            x = layers.Concatenate(1, ClassToken(position), x);
        Stage("with_position", x);
        return x;
    }

    private Value ClassToken(Tensor position)
    {
        var row = Weights.Sum(Weight("class_embedding"), Weights.Rows(position, 0, 1).ViewAs([config.Width]));
        return layers.Constant(Weights.TakeRows(row.ViewAs([1, config.Width]), new int[options.Batch]).ViewAs([options.Batch, 1, config.Width]), "visual.class_embedding");
    }

    private Value Embedding(Value x)
    {
        x = Norm(x, "ln_post");
        Stage("ln_post", x);
        var pooled = new AttentionPool(layers, config, keys, Weight).Add(x, options.Batch, tokens);
        Stage("pooled", pooled);
        var embedding = layers.Linear(pooled, Projection(), ProjectionBias(), "visual.proj");
        Stage("embedding", embedding);
        return options.Normalize ? Normalization.Add(layers, embedding) : embedding;
    }

    private Tensor Projection() => keys.IsTimm ? Raw("head.weight") : Weights.Transpose(Weight("proj"));

    private Tensor? ProjectionBias() => keys.IsTimm && Raw("head.bias") is var bias && !Weights.IsZero(bias) ? bias : null;

    private Value Norm(Value x, string name) => layers.LayerNorm(x, Weight(name + ".weight"), Weight(name + ".bias"), TransformerBlocks.Epsilon, "visual." + name);

    private Tensor Raw(string name) => Weights.Float(keys[keys.VisionPrefix + name]);

    private Tensor Weight(string official)
    {
        var tensor = Weights.Float(keys[keys.Vision(official)]);
        return official switch
        {
            "class_embedding" => tensor.ViewAs([config.Width]),
            "positional_embedding" => tensor.ViewAs([config.Tokens, config.Width]),
            _ => tensor,
        };
    }

    private void Stage(string name, Value value)
    {
        if (options.WithStages)
            stages.Add((name, value));
    }

    private int Patches(int pixels, string side) => pixels > 0 && pixels % config.PatchSize == 0 && pixels <= 16384
        ? pixels / config.PatchSize
        : throw new ArgumentException($"the image {side} must be a multiple of the patch size {config.PatchSize}, it is {pixels}");
}
