using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Attention with a recurrent state, unrolled over the sequence.</summary>
internal static class LinearAttentionRows
{
    public static IEnumerable<OnnxOperator> Rows => [new("LinearAttention", 27, Apply)];

    private static OnnxValue?[] Apply(OnnxNode n)
    {
        var a = n.Aten;
        long queryHeads = n.Int("q_num_heads"), heads = n.Int("kv_num_heads");
        string rule = n.Text("update_rule", "gated_delta");
        bool gated = rule is "gated" or "gated_delta", delta = rule is "delta" or "gated_delta";
        if (rule != "linear" && !gated && !delta)
            throw n.Bad("update_rule linear, gated, delta or gated_delta", rule);
        var type = n.X.Spec.Type;
        Value Wide(Value v) => a.Cast(v, ScalarType.Float);
        Value q = Wide(AttentionRows.Heads(a, n.X, queryHeads)), k = Wide(AttentionRows.Heads(a, n.In(1), heads)), v = Wide(AttentionRows.Heads(a, n.In(2), heads));
        long[] s = Aten.Sizes(q), sizes = Aten.Sizes(k);
        long length = s[2], valueSize = Aten.Sizes(v)[3];
        var decay = gated ? a.Exp(Wide(PerStep(n, n.In(4), heads))) : null;
        var beta = delta ? Wide(PerStep(n, n.In(5), heads)) : null;
        var stateType = n.Opt(3)?.Spec.Type ?? type;
        var state = n.Opt(3) is { } past ? Wide(past) : a.Full(0, ScalarType.Float, s[0], heads, sizes[3], valueSize);
        double scale = n.Float("scale", 0) is var given && given != 0 ? given : 1 / Math.Sqrt(sizes[3]);
        var outputs = new Value[length];
        for (long t = 0; t < length; t++)
        {
            Value key = a.Slice(k, 2, t, t + 1), value = a.Slice(v, 2, t, t + 1);
            if (decay is not null)
                state = a.Mul(state, a.Transpose(a.Slice(decay, 2, t, t + 1), 2, 3));
            if (beta is not null)
                value = a.Mul(a.Slice(beta, 2, t, t + 1), a.Sub(value, a.Matmul(key, state)));
            state = a.Add(state, a.Mul(a.Transpose(key, 2, 3), value));
            outputs[t] = a.Matmul(a.Mul(a.Slice(q, 2, t, t + 1), scale), AttentionRows.Repeat(a, state, queryHeads));
        }
        var y = a.View(a.Transpose(a.Cat(2, outputs), 1, 2), s[0], length, queryHeads * valueSize);
        return [n.Same(a.Cast(y, type)), n.Same(a.Cast(state, stateType))];
    }

    /// <summary>[batch, length, heads] or [batch, length, heads * size] to [batch, heads, length, 1 or size]; one column serves all heads.</summary>
    private static Value PerStep(OnnxNode n, Value x, long heads)
    {
        long last = x.Spec.Sizes[2].Value;
        return AttentionRows.Heads(n.Aten, x, last == 1 ? 1 : heads);
    }
}
