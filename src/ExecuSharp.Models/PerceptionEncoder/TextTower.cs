using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>
/// The text tower as a graph: token ids int64 [batch, context], padded with 0, to the embedding [batch, output], taken at the largest id (the end token).
/// The final layer norm is applied to that row alone.
/// </summary>
internal sealed class TextTower
{
    private readonly TextTowerConfig config;
    private readonly LayoutKeys keys;
    private readonly ModelBuildOptions options;
    private readonly GraphBuilder graph = new("forward");
    private readonly Layers layers;
    private readonly List<(string Name, Value Value)> stages = [];

    private TextTower(TextTowerConfig config, LayoutKeys keys, ModelBuildOptions options)
    {
        this.config = config;
        this.keys = keys;
        this.options = options;
        layers = new Layers(graph);
    }

    public static Graph Build(TextTowerConfig config, LayoutKeys keys, ModelBuildOptions options) => new TextTower(config, keys, options).Build();

    private Graph Build()
    {
        int batch = options.TextBatch, context = config.Context, width = config.Width;
        var ids = graph.Input("ids", TensorSpec.Of(ScalarType.Long, [batch, context]));
        var x = graph.CallMany("aten::embedding", layers.Constant(Weight("token_embedding.weight"), "token_embedding.weight"), ids)[0];
        x = layers.Add(x, layers.Constant(Weight("positional_embedding").ViewAs([1, context, width]), "positional_embedding"));
        Stage("embed", x);
        var blocks = new TransformerBlocks(layers, Weight, "", batch, context, width, config.Heads);
        blocks.UseCausalMask();
        for (int i = 0; i < config.Layers; i++)
            Stage($"block_{i}", x = blocks.Add(x, i, layerScale: false));
        if (options.WithStages)
            Stage("ln_final", Norm(x));
        var pooled = Norm(graph.CallMany("aten::index_select", layers.View(x, batch * context, width), 0, EndRows(ids))[0]);
        Stage("pooled", pooled);
        var embedding = layers.Linear(pooled, Weights.Transpose(Weight("text_projection")), null, "text_projection");
        Stage("embedding", embedding);
        graph.Output(options.Normalize ? Normalization.Add(layers, embedding) : embedding, "text_embedding");
        foreach (var (stage, value) in stages)
            graph.Output(value, stage);
        return graph.Build();
    }

    /// <summary>The row of each text's largest id among the rows of all texts.</summary>
    private Value EndRows(Value ids)
    {
        var end = graph.CallMany("aten::argmax", ids, 1)[0];
        if (options.TextBatch == 1)
            return end;
        var starts = new long[options.TextBatch];
        for (int i = 0; i < starts.Length; i++)
            starts[i] = (long)i * config.Context;
        return layers.Add(end, layers.Constant(Tensor.From<long>(starts, starts.Length), "first_rows"));
    }

    private Value Norm(Value x) => layers.LayerNorm(x, Weight("ln_final.weight"), Weight("ln_final.bias"), TransformerBlocks.Epsilon, "ln_final");

    private Tensor Weight(string official) => Weights.Float(keys[keys.Text(official)]);

    private void Stage(string name, Value value)
    {
        if (options.WithStages)
            stages.Add((name, value));
    }
}
