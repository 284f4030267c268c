using ExecuSharp.Core;
using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>
/// The pre-norm blocks that both towers are made of: x + attention(LN x), then + MLP(LN x). The scale of the scores is in the query's weights,
/// LayerScale in the last linear layer of each branch; queries, keys and values have layers of their own.
/// </summary>
internal sealed class TransformerBlocks(Layers layers, Func<string, Tensor> weight, string prefix, int batch, int tokens, int width, int heads)
{
    public const double Epsilon = 1e-5;

    private readonly int headDim = width / heads;

    private Rotary? rotary;
    private Value? mask;

    /// <summary>Turns queries and keys by their positions.</summary>
    public void UseRotary(RotaryTable table) => rotary = new Rotary(RotaryTable.PairOrder(heads, headDim),
        layers.Constant(table.Cosine, prefix + "rope.cos"), layers.Constant(table.Sine, prefix + "rope.sin"),
        layers.Constant(table.CosineByChannel, prefix + "rope.cos_t"), layers.Constant(table.SineByChannel, prefix + "rope.sin_t"));

    /// <summary>Lets a token see itself and those before it.</summary>
    public void UseCausalMask()
    {
        var values = new float[tokens * tokens];
        for (int query = 0; query < tokens; query++)
            values.AsSpan((query * tokens) + query + 1, tokens - query - 1).Fill(-1e9f);
        mask = layers.Constant(Tensor.From<float>(values, 1, tokens, tokens), prefix + "attn_mask");
    }

    /// <summary>Adds block <paramref name="index"/>. x is [batch, tokens, width].</summary>
    public Value Add(Value x, int index, bool layerScale)
    {
        string p = $"transformer.resblocks.{index}.";
        var attention = Attention(Norm(x, p + "ln_1"), p, layerScale ? weight(p + "ls_1.gamma") : null);
        x = layers.Add(x, attention);
        var hidden = layers.Gelu(Linear(Norm(x, p + "ln_2"), p + "mlp.c_fc", null));
        return layers.Add(x, Linear(hidden, p + "mlp.c_proj", layerScale ? weight(p + "ls_2.gamma") : null));
    }

    private Value Attention(Value x, string p, Tensor? gamma)
    {
        var inWeight = weight(p + "attn.in_proj_weight");
        var inBias = weight(p + "attn.in_proj_bias");
        float scale = (float)(1 / Math.Sqrt(headDim));
        var q = Split(Project(x, inWeight, inBias, 0, scale, p + "attn.q"), byChannel: false);
        var k = Split(Project(x, inWeight, inBias, 1, 1, p + "attn.k"), byChannel: true);
        var v = Split(Project(x, inWeight, inBias, 2, 1, p + "attn.v"), byChannel: false);
        if (rotary is { } r)
        {
            q = Rotate(q, r.Cosine, r.Sine, dim: 2);
            k = Rotate(k, r.CosineByChannel, r.SineByChannel, dim: 1);
        }
        var scores = layers.BatchMatrixMultiply(q, k);
        if (mask is not null)
            scores = layers.Add(scores, mask);
        return Linear(Join(layers.BatchMatrixMultiply(layers.Softmax(scores), v)), p + "attn.out_proj", gamma);
    }

    private Value Project(Value x, Tensor inWeight, Tensor inBias, int part, float scale, string name)
    {
        var w = Weights.Rows(inWeight, part * width, (part + 1) * width);
        var b = Weights.Rows(inBias, part * width, (part + 1) * width);
        if (rotary is { } r && part < 2)
            (w, b) = (Weights.TakeRows(w, r.Order), Weights.TakeRows(b, r.Order));
        if (scale != 1)
            (w, b) = (Weights.Scale(w, scale), Weights.Scale(b, scale));
        return layers.Linear(x, w, b, prefix + name);
    }

    private Value Rotate(Value x, Value cosine, Value sine, int dim)
    {
        var exchanged = layers.Concatenate(dim, layers.Slice(x, dim, headDim / 2, headDim), layers.Slice(x, dim, 0, headDim / 2));
        return layers.Add(layers.Multiply(x, cosine), layers.Multiply(exchanged, sine));
    }

    /// <summary>[batch, tokens, width] to [batch * heads, tokens, head dim], or [batch * heads, head dim, tokens].</summary>
    private Value Split(Value x, bool byChannel)
    {
        if (batch == 1)
            return layers.Permute(layers.View(x, tokens, heads, headDim), byChannel ? [1, 2, 0] : [1, 0, 2]);
        var split = layers.Permute(layers.View(x, batch, tokens, heads, headDim), byChannel ? [0, 2, 3, 1] : [0, 2, 1, 3]);
        return byChannel ? layers.View(split, batch * heads, headDim, tokens) : layers.View(split, batch * heads, tokens, headDim);
    }

    private Value Join(Value x) => batch == 1
        ? layers.View(layers.Permute(x, 1, 0, 2), 1, tokens, width)
        : layers.View(layers.Permute(layers.View(x, batch, heads, tokens, headDim), 0, 2, 1, 3), batch, tokens, width);

    private Value Norm(Value x, string name) => layers.LayerNorm(x, weight(name + ".weight"), weight(name + ".bias"), Epsilon, prefix + name);

    private Value Linear(Value x, string name, Tensor? gamma)
    {
        var w = weight(name + ".weight");
        var b = weight(name + ".bias");
        return gamma is null
            ? layers.Linear(x, w, b, prefix + name)
            : layers.Linear(x, Weights.ScaleRows(w, gamma.Span<float>()), Weights.ScaleRows(b, gamma.Span<float>()), prefix + name);
    }

    private sealed record Rotary(int[] Order, Value Cosine, Value Sine, Value CosineByChannel, Value SineByChannel);
}
