using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Decompositions.Linear;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Attention;

/// <summary>The fused inference paths of torch.nn.MultiheadAttention and TransformerEncoderLayer.</summary>
internal static class TransformerDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        Many("aten::_native_multi_head_attention(Tensor query, Tensor key, Tensor value, int embed_dim, int num_head, Tensor qkv_weight, Tensor qkv_bias, Tensor proj_weight, Tensor proj_bias, Tensor? mask=None, bool need_weights=True, bool average_attn_weights=True, int? mask_type=None) -> (Tensor, Tensor)",
            (b, a) => Attention(b, new AttentionWeights(a[3].AsInt(), a[4].AsInt(), a[5].AsValue(), a[6].AsValue(), a[7], a[8]), a[0].AsValue(), a[1].AsValue(), a[2].AsValue(), a[9].AsOptionalValue(), a[11].AsBool(), a[12])),
        One("aten::_transformer_encoder_layer_fwd(Tensor src, int embed_dim, int num_heads, Tensor qkv_weight, Tensor qkv_bias, Tensor proj_weight, Tensor proj_bias, bool use_gelu, bool norm_first, float eps, Tensor norm_weight_1, Tensor norm_bias_1, Tensor norm_weight_2, Tensor norm_bias_2, Tensor ffn_weight_1, Tensor ffn_bias_1, Tensor ffn_weight_2, Tensor ffn_bias_2, Tensor? mask=None, int? mask_type=None) -> Tensor", EncoderLayer),
    ];

    private sealed record AttentionWeights(long Size, long Heads, Value Weight, Value Bias, Argument OutWeight, Argument OutBias);

    private static Value[] Attention(IGraphBuilder b, AttentionWeights w, Value query, Value key, Value value, Value? mask, bool average, Argument maskType)
    {
        long width = w.Size / w.Heads;
        Value Project(Value x, int part)
        {
            var y = b.Call1("aten::linear", x, b.Slice(w.Weight, 0, part * w.Size, (part + 1) * w.Size), b.Slice(w.Bias, 0, part * w.Size, (part + 1) * w.Size));
            return b.Swap(b.View(y, b.SizeOf(x, 0), b.SizeOf(x, 1), w.Heads, width), 1, 2);
        }
        var q = b.Mul(Project(query, 0), 1 / System.Math.Sqrt(width));
        var scores = MatmulDecompositions.Matmul(b, q, b.Swap(Project(key, 1), -2, -1));
        if (mask is not null)
            scores = Masked(b, scores, mask, maskType);
        var weights = b.Call1("aten::_softmax", scores, -1, false);
        var mixed = b.Swap(MatmulDecompositions.Matmul(b, weights, Project(value, 2)), 1, 2);
        var result = b.Call1("aten::linear", b.View(mixed, b.SizeOf(query, 0), b.SizeOf(query, 1), w.Size), w.OutWeight, w.OutBias);
        return [result, average ? b.Mean(weights, [1]) : weights];
    }

    /// <summary>Mask type 0 is [queries, keys], 1 is [batch, keys] (true hides), 2 is of the scores' shape.</summary>
    private static Value Masked(IGraphBuilder b, Value scores, Value mask, Argument maskType)
    {
        if ((!maskType.IsNone && maskType.AsInt() == 1) || (maskType.IsNone && mask.Spec.Rank == 2 && mask.Spec.Sizes[0] != scores.Spec.Sizes[2]))
            mask = b.Unsqueeze(b.Unsqueeze(mask, 1), 1);
        return mask.Spec.Type == ScalarType.Bool ? b.Where(mask, double.NegativeInfinity, scores) : b.Add(scores, mask);
    }

    private static Value EncoderLayer(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        var weights = new AttentionWeights(a[1].AsInt(), a[2].AsInt(), a[3].AsValue(), a[4].AsValue(), a[5], a[6]);
        Value Norm(Value v, int first) => b.Call1("aten::native_layer_norm", v, (long[])[a[1].AsInt()], a[first], a[first + 1], a[9]);
        Value Attend(Value v) => Attention(b, weights, v, v, v, a[18].AsOptionalValue(), true, a[19])[0];
        Value Feed(Value v)
        {
            var hidden = b.Call1("aten::linear", v, a[14], a[15]);
            return b.Call1("aten::linear", a[7].AsBool() ? b.Call1("aten::gelu", hidden) : b.Relu(hidden), a[16], a[17]);
        }
        if (a[8].AsBool())
        {
            x = b.Add(x, Attend(Norm(x, 10)));
            return b.Add(x, Feed(Norm(x, 12)));
        }
        x = Norm(b.Add(x, Attend(x)), 10);
        return Norm(b.Add(x, Feed(x)), 12);
    }
}
