using ExecuSharp.Core;
using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>
/// Pools tokens with one learned query. The query is constant, so query and key layer are one small matrix: the score of head h is
/// (Wk_h^T q_h) · x; the key's bias adds the same to every token and drops out of the softmax.
/// </summary>
internal sealed class AttentionPool(Layers layers, VisionTowerConfig config, LayoutKeys keys, Func<string, Tensor> weight)
{
    private const string Prefix = "visual.attn_pool.";

    private readonly int width = config.Width;
    private readonly int heads = config.PoolHeads;
    private readonly int headDim = config.Width / config.PoolHeads;

    /// <summary>x is [batch, tokens, width], the result [batch, width].</summary>
    public Value Add(Value x, int batch, int tokens)
    {
        var scores = layers.Permute(layers.Linear(x, ScoreWeights(), null, Prefix + "score"), 0, 2, 1);
        var probabilities = layers.View(layers.Softmax(scores), batch * heads, 1, tokens);
        var values = layers.Linear(x, Part("weight", 2), Part("bias", 2), Prefix + "attn.v");
        var split = batch == 1
            ? layers.Permute(layers.View(values, tokens, heads, headDim), 1, 0, 2)
            : layers.View(layers.Permute(layers.View(values, batch, tokens, heads, headDim), 0, 2, 1, 3), batch * heads, tokens, headDim);
        var attended = layers.View(layers.BatchMatrixMultiply(probabilities, split), batch, width);
        var pooled = Linear(attended, "attn_pool.attn.out_proj");
        var normed = layers.LayerNorm(pooled, weight("attn_pool.layernorm.weight"), weight("attn_pool.layernorm.bias"), TransformerBlocks.Epsilon, Prefix + "layernorm");
        return layers.Add(pooled, Linear(layers.Gelu(Linear(normed, "attn_pool.mlp.c_fc")), "attn_pool.mlp.c_proj"));
    }

    private Value Linear(Value x, string name) => layers.Linear(x, weight(name + ".weight"), weight(name + ".bias"), "visual." + name);

    /// <summary>[heads, width]: the keys' weights of each head times the scaled query of the head.</summary>
    private Tensor ScoreWeights()
    {
        var probe = weight("attn_pool.probe").Span<float>();
        var queryWeight = Part("weight", 0).Span<float>();
        var queryBias = Part("bias", 0).Span<float>();
        var keyWeight = Part("weight", 1).Span<float>();
        double scale = 1 / Math.Sqrt(headDim);
        var result = Tensor.Empty(ScalarType.Float, [heads, width]);
        var to = result.Span<float>();
        var sums = new double[width];
        for (int h = 0; h < heads; h++)
        {
            Array.Clear(sums);
            for (int j = h * headDim; j < (h + 1) * headDim; j++)
            {
                double query = queryBias[j];
                for (int c = 0; c < width; c++)
                    query += (double)queryWeight[(j * width) + c] * probe[c];
                for (int c = 0; c < width; c++)
                    sums[c] += query * scale * keyWeight[(j * width) + c];
            }
            for (int c = 0; c < width; c++)
                to[(h * width) + c] = (float)sums[c];
        }
        return result;
    }

    /// <summary>Query (0), key (1) or value (2) of the input projection; timm keeps the query apart.</summary>
    private Tensor Part(string kind, int part)
    {
        if (!keys.IsTimm)
            return Weights.Rows(weight("attn_pool.attn.in_proj_" + kind), part * width, (part + 1) * width);
        return part == 0
            ? Weights.Float(keys[keys.VisionPrefix + "attn_pool.q." + kind])
            : Weights.Rows(Weights.Float(keys[keys.VisionPrefix + "attn_pool.kv." + kind]), (part - 1) * width, part * width);
    }
}
