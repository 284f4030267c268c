using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Fused operators that ONNX Runtime's optimizer writes.</summary>
internal static class MicrosoftRows
{
    private const long LargestCrop = 1 << 12;
    private const string Domain = "com.microsoft";

    /// <summary>What ONNX Runtime adds to the scores of keys that a mask hides.</summary>
    private const double Hidden = -10000;

    public static IEnumerable<OnnxOperator> Rows =>
    [
        Row("Gelu", n => n.Aten.Call("aten::gelu", n.X, "none")),
        Row("FastGelu", n => n.Aten.Call("aten::gelu", n.Opt(1) is { } b ? n.Aten.Add(n.X, b) : n.X, "tanh")),
        Row("BiasGelu", n => n.Aten.Call("aten::gelu", n.Aten.Add(n.X, n.In(1)), "none")),
        Row("QuickGelu", n => ActivationRows.Swish(n.Aten, n.X, n.Float("alpha", 1.702f))),
        Row("FusedMatMul", FusedMatMul),
        Row("FusedGemm", n => Activate(n, MatrixRows.Gemm(n, n.In(0), n.In(1), n.Opt(2)))),
        Row("FusedConv", FusedConv),
        new("SkipLayerNormalization", 1, n => SkipNorm(n, 4, (a, x) => NormalizationRows.LastAxis(a, x, n.In(2), n.Opt(3), n.Float("epsilon", 1e-12f)))) { Domain = Domain },
        new("SkipSimplifiedLayerNormalization", 1, n => SkipNorm(n, 3, (a, x) => NormalizationRows.RmsNorm(a, x, n.In(2), x.Spec.Rank - 1, n.Float("epsilon", 1e-12f)).Y)) { Domain = Domain },
        new("EmbedLayerNormalization", 1, EmbedNorm) { Domain = Domain },
        new("Attention", 1, Attention) { Domain = Domain },
        new("MultiHeadAttention", 1, MultiHead) { Domain = Domain },
        new("GroupQueryAttention", 1, GroupQuery) { Domain = Domain },
        Row("RotaryEmbedding", n => AttentionRows.Rotary(n, n.X, n.In(2), n.In(3), n.In(1), n.Int("num_heads", 0) is > 0 and var h ? h : n.X.Spec.Sizes[^1].Value / (2 * n.In(2).Spec.Sizes[1].Value))),
        Row("ExpandDims", n => n.Aten.Unsqueeze(n.X, n.Axis(n.Longs(1, "the axis")[0], n.Rank() + 1))),
        Row("Trilu", n => n.Aten.Call(n.Flag("upper", true) ? "aten::triu" : "aten::tril", n.X, n.OptLongs(1, "k")?[0] ?? 0)),
        Row("GridSample", n => SamplingRows.GridSample(n, n.Text("mode", "bilinear"))),
        Row("CropAndResize", CropAndResize),
        Row("MaxpoolWithMask", n => PoolRows.Max(n.Aten, n.Aten.Where(n.Aten.Ne(n.In(1), 0), n.X, double.NegativeInfinity), Window.Of(n)).Values),
        new("Unique", 1, n => UniqueElements.Apply(n, sorted: false) is var u ? [u[0], u[2], u[3]] : []) { Domain = Domain },
        new("MoE", 1, n => [n.Same(Experts(n))]) { Domain = Domain },
        new("ReorderInput", 1, n => [n.Same(Reorder(n))]) { Domain = "com.microsoft.nchwc" },
    ];

    private static OnnxOperator Row(string name, Func<OnnxNode, Value> translate) => new(name, 1, translate) { Domain = Domain };

    private static Value FusedMatMul(OnnxNode n)
    {
        var a = n.Aten;
        Value Side(Value x, string name)
        {
            int rank = x.Spec.Rank;
            // transBatch: the matrix rows stand in the first dimension, before the batch.
            if (n.Flag("transBatch" + name))
                x = a.Permute(x, [.. Enumerable.Range(1, rank - 2).Select(i => (long)i), 0, rank - 1]);
            return n.Flag("trans" + name) ? a.Transpose(x, -1, -2) : x;
        }
        return a.Mul(MatrixRows.Product(a, Side(n.In(0), "A"), Side(n.In(1), "B")), n.Float("alpha", 1));
    }

    private static Value FusedConv(OnnxNode n)
    {
        var y = ConvolutionRows.Convolution(n, n.X, n.In(1), n.Opt(2), 0);
        return Activate(n, n.Opt(3) is { } sum ? n.Aten.Add(y, sum) : y);
    }

    private static Value Activate(OnnxNode n, Value x)
    {
        var a = n.Aten;
        float[] p = n.Floats("activation_params") ?? [];
        return n.Text("activation", "") switch
        {
            "" => x,
            "Relu" => a.Relu(x),
            "Sigmoid" => a.Sigmoid(x),
            "Tanh" => a.Tanh(x),
            "LeakyRelu" => a.Call("aten::leaky_relu", x, (double)(p.Length > 0 ? p[0] : n.Float("leaky_relu_alpha", 0.01f))),
            "Clip" => a.ClampTo(x, p.Length > 0 ? p[0] : null, p.Length > 1 ? p[1] : null),
            "HardSigmoid" => ActivationRows.HardSigmoid(a, x, p.Length > 0 ? p[0] : 0.2, p.Length > 1 ? p[1] : 0.5),
            var other => throw n.Unsupported($"activation {other}"),
        };
    }

    private static OnnxValue?[] SkipNorm(OnnxNode n, int bias, Func<Aten, Value, Value> normalize)
    {
        var a = n.Aten;
        var sum = a.Add(n.X, n.In(1));
        if (n.Opt(bias) is { } b)
            sum = a.Add(sum, b);
        return [n.Same(normalize(a, sum)), null, null, n.Same(sum)];
    }

    private static OnnxValue?[] EmbedNorm(OnnxNode n)
    {
        var a = n.Aten;
        var sum = a.Call("aten::embedding", n.In(2), a.Cast(n.X, ScalarType.Long));
        sum = a.Add(sum, n.Opt(8) is { } positions
            ? a.Call("aten::embedding", n.In(3), a.Cast(positions, ScalarType.Long))
            : a.Call("aten::slice_copy.Tensor", n.In(3), 0, 0, a.SizeArgument(n.X.Spec.Sizes[1], n.X), 1));
        if (n.Opt(1) is { } segments && n.Opt(4) is { } table)
            sum = a.Add(sum, a.Call("aten::embedding", table, a.Cast(segments, ScalarType.Long)));
        var y = NormalizationRows.LastAxis(a, sum, n.In(5), n.In(6), n.Float("epsilon", 1e-12f));
        Value? lengths = n.Opt(7) is { } mask ? a.Cast(a.Sum(mask, [1], false), ScalarType.Int) : n.WantsOutput(1) ? a.Full(0, ScalarType.Int, Aten.Sizes(n.X)[0]) : null;
        return [OnnxNode.Natural(y), lengths is null ? null : OnnxNode.Natural(lengths), OnnxNode.Natural(sum)];
    }

    /// <summary>[batch, heads, length, size] from queries, keys and values of [batch, heads, length, size]; the bias is added to the scores.</summary>
    private static Value Core(OnnxNode n, Value q, Value k, Value v, Value? bias)
    {
        var a = n.Aten;
        double scale = n.Float("scale", 0) is var given && given != 0 ? given : 1 / Math.Sqrt(q.Spec.Sizes[3].Value);
        var scores = a.Mul(a.Matmul(q, a.Transpose(k, 2, 3)), scale);
        if (bias is not null)
            scores = a.Add(scores, bias);
        var y = a.Matmul(a.Softmax(scores, 3), v);
        var o = y.Spec.Sizes;
        return a.View(a.Transpose(y, 1, 2), [o[0], o[2], o[1] * o[3]]);
    }

    /// <summary>A mask as lengths [batch], or as 0 and 1 of [batch, keys] or more dimensions, as something to add to scores.</summary>
    private static Value? Mask(OnnxNode n, int index, Dim batch, Dim keys)
    {
        var a = n.Aten;
        if (n.Opt(index) is not { } mask)
            return null;
        double hidden = n.Float("mask_filter_value", (float)Hidden);
        Value visible = mask.Spec.Rank switch
        {
            1 when mask.Spec.Sizes[0] == batch => a.Lt(a.View(a.Range(keys), [1, 1, 1, keys]), a.View(a.Cast(mask, ScalarType.Long), [batch, 1, 1, 1])),
            2 when mask.Spec.Sizes[1].Value == keys.Value => a.Ne(a.View(mask, [batch, 1, 1, keys]), 0),
            3 => a.Ne(a.Unsqueeze(mask, 1), 0),
            _ => throw n.Unsupported($"a mask {mask.Spec}"),
        };
        return a.Where(visible, a.Number(0, n.X), a.Number(hidden, n.X));
    }

    private static Value? Sum(Aten a, Value? x, Value? y) => x is null ? y : y is null ? x : a.Add(x, y);

    private static OnnxValue?[] Attention(OnnxNode n)
    {
        var a = n.Aten;
        if (n.Has(4) || n.Has(6))
            throw n.Unsupported("past keys and values in one tensor");
        long heads = n.Int("num_heads");
        var s = n.X.Spec.Sizes;
        var all = MatrixRows.Product(a, n.X, n.In(1));
        if (n.Opt(2) is { } bias)
            all = a.Add(all, bias);
        long width = all.Spec.Sizes[2].Value;
        long[] sizes = n.Ints("qkv_hidden_sizes") ?? [width / 3, width / 3, width / 3];
        var parts = a.Split(all, 2, sizes);
        var mask = Sum(a, Mask(n, 3, s[0], s[1]), n.Opt(5));
        if (n.Flag("unidirectional"))
        {
            var allowed = a.Le(a.View(a.Range(s[1]), [1, s[1]]), a.View(a.Range(s[1]), [s[1], 1]));
            mask = Sum(a, mask, a.Where(allowed, a.Number(0, n.X), a.Number(n.X.Spec.Type == ScalarType.Half ? -65504 : float.MinValue, n.X)));
        }
        return [n.Same(Core(n, AttentionRows.Heads(a, parts[0], heads), AttentionRows.Heads(a, parts[1], heads), AttentionRows.Heads(a, parts[2], heads), mask))];
    }

    private static OnnxValue?[] MultiHead(OnnxNode n)
    {
        var a = n.Aten;
        if (n.Has(6) || n.Has(7) || !n.Has(1) || !n.Has(2))
            throw n.Unsupported("packed inputs, or past keys and values");
        long heads = n.Int("num_heads");
        var s = n.X.Spec.Sizes;
        Value q = n.X, k = n.In(1), v = n.In(2);
        if (n.Opt(3) is { } bias)
        {
            long width = s[2].Value;
            q = a.Add(q, a.Slice(bias, 0, 0, width));
            k = k.Spec.Rank == 3 ? a.Add(k, a.Slice(bias, 0, width, 2 * width)) : k;
            v = v.Spec.Rank == 3 ? a.Add(v, a.Slice(bias, 0, 2 * width, bias.Spec.Sizes[0].Value)) : v;
        }
        Value Split(Value x) => x.Spec.Rank == 4 ? x : AttentionRows.Heads(a, x, heads);
        var (splitKeys, splitValues) = (Split(k), Split(v));
        var mask = Sum(a, Mask(n, 4, s[0], splitKeys.Spec.Sizes[2]), n.Opt(5));
        return [n.Same(Core(n, Split(q), splitKeys, splitValues, mask)), n.Same(splitKeys), n.Same(splitValues)];
    }

    private static OnnxValue?[] GroupQuery(OnnxNode n)
    {
        var a = n.Aten;
        if (!n.Has(1) || !n.Has(2))
            throw n.Unsupported("packed queries, keys and values");
        if (n.Float("softcap", 0) != 0 || n.Int("local_window_size", -1) != -1)
            throw n.Unsupported("softcap or local_window_size");
        long heads = n.Int("num_heads"), shared = n.Int("kv_num_heads");
        Value q = AttentionRows.Heads(a, n.X, heads), k = AttentionRows.Heads(a, n.In(1), shared), v = AttentionRows.Heads(a, n.In(2), shared);
        long[] s = Aten.Sizes(q);
        // seqlens_k is the number of valid keys minus one, the new ones included.
        var total = a.Add(a.View(a.Cast(n.In(5), ScalarType.Long), s[0], 1, 1, 1), 1);
        long past = n.Opt(3) is { } old ? Aten.Sizes(old)[2] : 0;
        bool prompt = s[2] > 1 || past == 0;
        var start = prompt ? a.Mul(total, 0) : a.Sub(total, s[2]);
        if (n.Flag("do_rotary"))
        {
            var positions = a.Add(a.View(start, s[0], 1), a.View(a.Range(s[2]), 1, s[2]));
            (q, k) = (AttentionRows.Rotary(n, q, n.In(7), n.In(8), positions, heads), AttentionRows.Rotary(n, k, n.In(7), n.In(8), positions, shared));
        }
        if (past > 0)
        {
            // New keys are written behind the valid ones, into the buffer of the past.
            long[] sizes = Aten.Sizes(k);
            var at = a.Expand(a.Add(start, a.View(a.Range(s[2]), 1, 1, s[2], 1)), sizes);
            var valid = a.Lt(a.View(a.Range(past), 1, 1, past, 1), total);
            Value Write(Value buffer, Value fresh) => a.Where(valid, a.Call("aten::scatter.src", buffer, 2, at, fresh), 0);
            (k, v) = (Write(n.In(3), k), Write(n.In(4), v));
        }
        long keys = Aten.Sizes(k)[2];
        var row = a.Add(start, a.View(a.Range(s[2]), s[2], 1));
        var column = a.View(a.Range(keys), 1, keys);
        var allowed = a.And(a.Le(column, row), a.Lt(column, total));
        var mask = a.Where(allowed, a.Number(0, n.X), a.Number(double.NegativeInfinity, n.X));
        var y = Core(n, q, AttentionRows.Repeat(a, k, heads), AttentionRows.Repeat(a, v, heads), mask);
        return [n.Same(y), n.Same(k), n.Same(v)];
    }

    private static Value CropAndResize(OnnxNode n)
    {
        var a = n.Aten;
        Value x = n.X, boxes = n.In(1);
        long[] s = Aten.Sizes(x), size = n.Longs(3, "the crop's sizes");
        long count = Aten.Sizes(boxes)[0];
        if (size.Length != 2 || Array.Exists(size, z => z is < 1 or > LargestCrop))
            throw n.Bad($"two crop sizes of 1 to {LargestCrop}", string.Join(", ", size));
        double outside = n.Float("extrapolation_value", 0);
        Value Positions(int low, long cells, long extent)
        {
            Value start = a.Mul(a.Slice(boxes, 1, low, low + 1), extent - 1), end = a.Mul(a.Slice(boxes, 1, low + 2, low + 3), extent - 1);
            if (cells == 1)
                return a.Mul(a.Add(start, end), 0.5);
            float[] steps = [.. Enumerable.Range(0, Aten.Count(cells)).Select(i => (float)i / (cells - 1))];
            return a.Add(start, a.Mul(a.Sub(end, start), a.Floats(steps, 1, steps.Length)));
        }
        Value Grid(Value v, bool across) => a.View(a.Expand(a.Unsqueeze(v, across ? 1 : 2), count, size[0], size[1]), count, size[0] * size[1]);
        Value y = Grid(Positions(0, size[0], s[2]), false), z = Grid(Positions(1, size[1], s[3]), true);
        var inside = a.And(a.And(a.Ge(y, 0), a.Le(y, s[2] - 1)), a.And(a.Ge(z, 0), a.Le(z, s[3] - 1)));
        var batch = a.IndexSelect(x, 0, a.Cast(n.In(2), ScalarType.Long));
        var sampler = new GatherSampler(a, batch);
        var values = n.Text("mode", "bilinear") == "nearest" ? sampler.At([a.Round(y), a.Round(z)]) : sampler.Linear([y, z]);
        return a.View(a.Where(a.Unsqueeze(inside, 1), values, outside), count, s[1], size[0], size[1]);
    }

    /// <summary>A mixture of experts: all experts are computed, weighted by the router's chosen probabilities.</summary>
    private static Value Experts(OnnxNode n)
    {
        var a = n.Aten;
        if (n.Has(6))
            throw n.Unsupported("a third weight for each expert");
        var x = n.X;
        var flat = a.View(x, [Aten.Product(x.Spec.Sizes[..^1]), x.Spec.Sizes[^1]]);
        long experts = n.In(1).Spec.Sizes[1].Value, k = n.Int("k", 1);
        var probabilities = a.Softmax(n.In(1), 1);
        var top = a.CallMany("aten::topk", probabilities, k, 1, true, true);
        var weights = n.Flag("normalize_routing_weights") ? a.Div(top[0], a.Sum(top[0], [1], true)) : top[0];
        Value? sum = null;
        for (long e = 0; e < experts; e++)
        {
            var weight = a.Sum(a.Where(a.Eq(top[1], e), weights, 0), [1], true);
            // fc1 is [experts, inner, hidden], fc2 [experts, hidden, inner].
            var inner = a.Call("aten::mm", flat, a.Transpose(a.Select(n.In(2), 0, e), 0, 1));
            if (n.Opt(3) is { } b1)
                inner = a.Add(inner, a.Select(b1, 0, e));
            inner = n.Text("activation_type", "relu") switch
            {
                "relu" => a.Relu(inner),
                "gelu" => a.Call("aten::gelu", inner, "tanh"),
                "silu" => a.Mul(inner, a.Sigmoid(inner)),
                "identity" => inner,
                var other => throw n.Unsupported($"activation_type {other}"),
            };
            var y = a.Call("aten::mm", inner, a.Transpose(a.Select(n.In(4), 0, e), 0, 1));
            if (n.Opt(5) is { } b2)
                y = a.Add(y, a.Select(b2, 0, e));
            y = a.Mul(y, weight);
            sum = sum is null ? y : a.Add(sum, y);
        }
        return a.View(sum!, x.Spec.Sizes);
    }

    /// <summary>[N, C, H, W] to blocks of channels, still declared as [N, C, H, W].</summary>
    private static Value Reorder(OnnxNode n)
    {
        const int Block = 16;
        var a = n.Aten;
        long[] s = Aten.Sizes(n.X);
        if (n.Flag("channels_last") || s[1] % Block != 0)
            throw n.Unsupported("channels_last, or channels that are no multiple of 16");
        return a.View(a.Permute(a.View(n.X, s[0], s[1] / Block, Block, s[2], s[3]), 0, 1, 3, 4, 2), s);
    }
}
