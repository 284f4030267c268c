using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Attention and rotary embedding.</summary>
internal static class AttentionRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("Attention", 23, Attention),
        new("RotaryEmbedding", 23, n => Rotary(n, n.X, n.In(1), n.In(2), n.Opt(3), n.Int("num_heads", 0))),
        new("FlexAttention", 1, Flex) { Domain = "ai.onnx.preview" },
    ];

    private static OnnxValue?[] Attention(OnnxNode n)
    {
        var a = n.Aten;
        bool flat = n.Rank() == 3;
        Value q = n.X, k = n.In(1), v = n.In(2);
        if (flat)
        {
            q = Heads(a, q, n.Int("q_num_heads"));
            k = Heads(a, k, n.Int("kv_num_heads"));
            v = Heads(a, v, n.Int("kv_num_heads"));
        }
        long past = n.Opt(4) is { } pastKey ? Aten.Sizes(pastKey)[2] : 0;
        if (n.Has(4))
            (k, v) = (a.Cat(2, n.In(4), k), a.Cat(2, n.In(5), v));
        var (presentKey, presentValue) = (k, v);
        long[] s = Aten.Sizes(q);
        long keys = Aten.Sizes(k)[2];
        var mask = new AttentionMask(n, s[2], keys, q.Spec.Type, n.Has(4) ? past : null);
        double scale = Math.Sqrt(n.Attribute("scale")?.Float ?? 1 / Math.Sqrt(s[3]));
        (k, v) = (Repeat(a, k, s[1]), Repeat(a, v, s[1]));

        var scores = a.Matmul(a.Mul(q, scale), a.Transpose(a.Mul(k, scale), 2, 3));
        long mode = n.Int("qk_matmul_output_mode", 0);
        var exposed = scores;
        double cap = n.Float("softcap", 0);
        if (cap > 0)
            scores = a.Mul(a.Tanh(a.Div(scores, cap)), cap);
        if (mode == 1)
            exposed = scores;
        if (mask.Bias is not null)
            scores = a.Add(scores, mask.Bias);
        if (mode == 2)
            exposed = scores;
        var type = n.Attribute("softmax_precision") is { } p && ElementTypes.Carrier((OnnxDataType)p.Int) is { } precision ? precision : scores.Spec.Type;
        // Rows without any key are zero, not NaN.
        var probabilities = a.Cast(a.Softmax(a.Cast(scores, type), 3), q.Spec.Type);
        if (mask.Bias is not null && mask.MayHideRows)
            probabilities = a.Where(a.Eq(a.Amax(mask.Bias, [mask.Bias.Spec.Rank - 1], true), double.NegativeInfinity), 0, probabilities);
        if (mode == 3)
            exposed = probabilities;
        var y = a.Matmul(probabilities, v);
        if (flat)
        {
            long[] o = Aten.Sizes(y);
            y = a.View(a.Transpose(y, 1, 2), o[0], o[2], o[1] * o[3]);
        }
        return [n.Same(y), n.Same(presentKey), OnnxNode.As(presentValue, n.Type(2)), n.Same(exposed)];
    }

    /// <summary>[batch, length, heads * size] to [batch, heads, length, size].</summary>
    public static Value Heads(Aten a, Value x, long heads)
    {
        var s = x.Spec.Sizes;
        if (heads < 1 || s[2].Value % heads != 0)
            throw new InvalidOperationException($"{heads} heads of {x.Spec}");
        return a.Transpose(a.View(x, [s[0], s[1], heads, s[2] / heads]), 1, 2);
    }

    /// <summary>Each head of keys or values for the queries that share it.</summary>
    public static Value Repeat(Aten a, Value x, long heads)
    {
        long[] s = Aten.Sizes(x);
        if (s[1] == heads)
            return x;
        if (heads % s[1] != 0)
            throw new InvalidOperationException($"{heads} heads of queries for {s[1]} of keys");
        return a.View(a.Expand(a.Unsqueeze(x, 2), s[0], s[1], heads / s[1], s[2], s[3]), s[0], heads, s[2], s[3]);
    }

    /// <summary>Rotates pairs of features. The input is [batch, heads, length, size] or [batch, length, heads * size].</summary>
    public static Value Rotary(OnnxNode n, Value x, Value cos, Value sin, Value? positions, long heads)
    {
        var a = n.Aten;
        bool flat = x.Spec.Rank == 3;
        long[] original = Aten.Sizes(x);
        var all = flat ? Heads(a, x, heads) : x;
        long[] s = Aten.Sizes(all);
        long rotated = n.Int("rotary_embedding_dim", 0) is > 0 and var r ? r : s[3];
        if (positions is not null)
        {
            // Positions are [batch, length], or one offset for the whole batch.
            if (positions.Spec.MaxNumel == 1 && s[2] > 1)
                positions = a.Add(a.View(positions, 1, 1), a.View(a.Constant(Aten.Indices(s[2])), 1, s[2]));
            long[] p = Aten.Sizes(positions);
            var index = a.View(a.Cast(positions, ScalarType.Long), p.Aggregate(1L, (m, d) => m * d));
            cos = a.View(a.IndexSelect(cos, 0, index), p[0], s[2], rotated / 2);
            sin = a.View(a.IndexSelect(sin, 0, index), p[0], s[2], rotated / 2);
        }
        (cos, sin) = (a.Unsqueeze(cos, 1), a.Unsqueeze(sin, 1));
        bool interleaved = n.Flag("interleaved");
        Value first = interleaved ? a.Slice(all, 3, 0, rotated, 2) : a.Slice(all, 3, 0, rotated / 2);
        Value second = interleaved ? a.Slice(all, 3, 1, rotated, 2) : a.Slice(all, 3, rotated / 2, rotated);
        Value real = a.Sub(a.Mul(cos, first), a.Mul(sin, second)), imaginary = a.Add(a.Mul(sin, first), a.Mul(cos, second));
        var result = interleaved ? a.View(a.Stack(4, real, imaginary), s[0], s[1], s[2], rotated) : a.Cat(3, real, imaginary);
        if (rotated < s[3])
            result = a.Cat(3, result, a.Slice(all, 3, rotated, s[3]));
        return flat ? a.View(a.Transpose(result, 1, 2), original) : result;
    }

    private static OnnxValue?[] Flex(OnnxNode n)
    {
        var a = n.Aten;
        Value q = n.X;
        long[] s = Aten.Sizes(q);
        Value k = Repeat(a, n.In(1), s[1]), v = Repeat(a, n.In(2), s[1]);
        double scale = Math.Sqrt(n.Attribute("scale")?.Float ?? 1 / Math.Sqrt(s[3]));
        var type = n.Attribute("softmax_precision") is { } p ? (OnnxDataType)p.Int : q.Spec.Type == ScalarType.Double ? OnnxDataType.Double : OnnxDataType.Float;
        var carrier = ElementTypes.Carrier(type) ?? throw n.Bad("a float type as softmax_precision", $"{type}");
        var scores = a.Cast(a.Matmul(a.Mul(q, scale), a.Transpose(a.Mul(k, scale), 2, 3)), carrier);
        Value Modify(string name, Value x) => n.Attribute(name)?.Graph is { } body
            ? n.Tensor(n.Importer.Body(body, [OnnxNode.As(x, type)], n.Scope, name)[0]) : x;
        var probabilities = Modify("prob_mod", a.Softmax(Modify("score_mod", scores), 3));
        return [OnnxNode.As(a.Cast(a.Matmul(probabilities, a.Cast(v, carrier)), n.In(2).Spec.Type), n.Type(2))];
    }
}
