using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>The fused fast paths of attention modules, written with plain operators.</summary>
internal static class AttentionOperators
{
    public static ScriptValue[]? TryCall(OperatorCaller caller, string name, IReadOnlyList<ScriptValue> args) => name switch
    {
        "aten::_native_multi_head_attention" => MultiHead(caller, args),
        "aten::_transformer_encoder_layer_fwd" => [EncoderLayer(caller, args)],
        _ => null,
    };

    // query, key, value, embed_dim, num_head, qkv_weight, qkv_bias, proj_weight, proj_bias, mask, need_weights, average_attn_weights, mask_type
    private static ScriptValue[] MultiHead(OperatorCaller caller, IReadOnlyList<ScriptValue> args)
    {
        long width = args[3].Int(), heads = args[4].Int(), head = width / Math.Max(heads, 1);
        ScriptValue Part(ScriptValue packed, long index) => packed.IsNone ? packed : caller.One("aten::slice", packed, 0L, index * width, (index + 1) * width, 1L);
        ScriptValue Heads(ScriptValue x, long index)
        {
            var y = caller.One("aten::linear", x, Part(args[5], index), Part(args[6], index));
            return caller.One("aten::transpose", caller.One("aten::unflatten", y, -1L, new ScriptValue.List([heads, head])), 1L, 2L);
        }
        var q = caller.One("aten::div", Heads(args[0], 0), Math.Sqrt(head));
        var scores = caller.One("aten::matmul", q, caller.One("aten::transpose", Heads(args[1], 1), -2L, -1L));
        if (args.Count > 9 && args[9] is ScriptValue.Tensor mask)
            scores = Mask(caller, scores, mask, args.Count > 12 && !args[12].IsNone ? args[12].Int() : 2);
        var weights = caller.One("aten::softmax", scores, -1L);
        var context = caller.One("aten::flatten", caller.One("aten::transpose", caller.One("aten::matmul", weights, Heads(args[2], 2)), 1L, 2L), 2L, 3L);
        var output = caller.One("aten::linear", context, args[7], args[8]);
        if (args.Count > 10 && args[10].Int() == 0)
            return [output, ScriptValue.None];
        bool average = args.Count <= 11 || args[11].Int() != 0;
        return [output, average ? caller.One("aten::mean", weights, new ScriptValue.List([1L])) : weights];
    }

    // mask type 0: [queries, keys]; 1: [batch, keys]; 2: any that broadcasts
    private static ScriptValue Mask(OperatorCaller caller, ScriptValue scores, ScriptValue.Tensor mask, long type)
    {
        ScriptValue shaped = type == 1 ? caller.One("aten::unsqueeze", caller.One("aten::unsqueeze", mask, 1L), 1L) : mask;
        return caller.Context.Spec(mask).Type == Core.ScalarType.Bool
            ? caller.One("aten::masked_fill", scores, shaped, double.NegativeInfinity)
            : caller.One("aten::add", scores, shaped);
    }

    // src, embed_dim, num_heads, qkv_weight, qkv_bias, proj_weight, proj_bias, use_gelu, norm_first, eps, norm weights and biases, ffn weights and biases, mask, mask_type
    private static ScriptValue EncoderLayer(OperatorCaller caller, IReadOnlyList<ScriptValue> args)
    {
        var sizes = new ScriptValue.List([args[1]]);
        ScriptValue Norm(ScriptValue x, int at) => caller.One("aten::layer_norm", x, sizes, args[at], args[at + 1], args[9]);
        ScriptValue Attention(ScriptValue x) => MultiHead(caller,
            [x, x, x, args[1], args[2], args[3], args[4], args[5], args[6], args.Count > 18 ? args[18] : ScriptValue.None, false, false, args.Count > 19 ? args[19] : ScriptValue.None])[0];
        ScriptValue Feed(ScriptValue x) => caller.One("aten::linear",
            caller.One(args[7].Int() != 0 ? "aten::gelu" : "aten::relu", caller.One("aten::linear", x, args[14], args[15])), args[16], args[17]);
        var x = args[0];
        if (args[8].Int() != 0)
        {
            x = caller.One("aten::add", x, Attention(Norm(x, 10)));
            return caller.One("aten::add", x, Feed(Norm(x, 12)));
        }
        x = Norm(caller.One("aten::add", x, Attention(x)), 10);
        return Norm(caller.One("aten::add", x, Feed(x)), 12);
    }
}
