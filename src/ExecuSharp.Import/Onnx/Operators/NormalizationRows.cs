using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Normalizations.</summary>
internal static class NormalizationRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("BatchNormalization", 1, BatchNorm),
        new("InstanceNormalization", 6, n => GroupNorm(n.Aten, n.X, n.In(1), n.In(2), n.X.Spec.Sizes[1].Value, n.Float("epsilon", 1e-5f))),
        new("GroupNormalization", (18, n => [n.Same(PerGroup(n))]), (21, n => [n.Same(GroupNorm(n.Aten, n.X, n.In(1), n.In(2), n.Int("num_groups"), n.Float("epsilon", 1e-5f)))])),
        new("LayerNormalization", 17, LayerNorm) { WrittenByRuntime = true },
        new("RMSNormalization", 23, n => RmsNorm(n.Aten, n.X, n.In(1), n.Axis(n.Int("axis", -1), n.Rank()), n.Float("epsilon", 1e-5f)).Y),
        // Written by fusing optimizers in the standard domain, though it is no operator of the standard.
        new("SimplifiedLayerNormalization", 1, Simplified),
        new("LRN", 1, LocalResponse),
        new("LpNormalization", 1, LpNorm),
        new("MeanVarianceNormalization", 9, MeanVariance),
    ];

    private static OnnxValue?[] BatchNorm(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        double epsilon = n.Float("epsilon", 1e-5f), momentum = n.Float("momentum", 0.9f);
        if (n.Int("spatial", 1) == 0)
            throw n.Unsupported("statistics for each position (spatial = 0)");
        Value mean = n.In(3), variance = n.In(4);
        if (!n.Flag("training_mode"))
            return [n.Same(Normalize(a, x, n.In(1), n.In(2), mean, variance, epsilon))];
        long[] axes = [.. Enumerable.Range(0, x.Spec.Rank).Where(i => i != 1).Select(i => (long)i)];
        var batchMean = a.Mean(x, axes, true);
        var centered = a.Sub(x, batchMean);
        var batchVariance = a.Squeeze(a.Mean(a.Mul(centered, centered), axes, true), axes);
        batchMean = a.Squeeze(batchMean, axes);
        Value Running(Value old, Value current) => a.Add(a.Mul(old, momentum), a.Mul(a.Cast(current, old.Spec.Type), 1 - momentum));
        return
        [
            n.Same(Normalize(a, x, n.In(1), n.In(2), batchMean, batchVariance, epsilon)),
            OnnxNode.As(Running(mean, batchMean), n.Type(3)),
            OnnxNode.As(Running(variance, batchVariance), n.Type(4)),
        ];
    }

    private static Value Normalize(Aten a, Value x, Value scale, Value bias, Value mean, Value variance, double epsilon)
    {
        if (scale.Spec.Type == x.Spec.Type && mean.Spec.Type == x.Spec.Type && x.Spec.Rank >= 2)
            return a.CallMany("aten::_native_batch_norm_legit_no_training", x, scale, bias, mean, variance, 0.1, epsilon)[0];
        Value Channels(Value v) => a.View(v, [v.Spec.Sizes[0], .. Enumerable.Repeat((Dim)1, Math.Max(0, x.Spec.Rank - 2))]);
        var wide = a.Cast(x, mean.Spec.Type);
        var normal = a.Mul(a.Sub(wide, Channels(mean)), a.Rsqrt(a.Add(Channels(variance), epsilon)));
        return a.Cast(a.Add(a.Mul(normal, a.Cast(Channels(scale), normal.Spec.Type)), a.Cast(Channels(bias), normal.Spec.Type)), x.Spec.Type);
    }

    public static Value GroupNorm(Aten a, Value x, Value scale, Value bias, long groups, double epsilon)
    {
        long[] s = Aten.Sizes(x);
        return a.CallMany("aten::native_group_norm", x, scale, bias, s[0], s[1], s[2..].Aggregate(1L, (p, d) => p * d), groups, epsilon)[0];
    }

    private static Value PerGroup(OnnxNode n)
    {
        var a = n.Aten;
        long groups = n.Int("num_groups"), channels = n.X.Spec.Sizes[1].Value, each = channels / groups;
        Value Repeat(Value v) => a.View(a.Expand(a.Unsqueeze(v, 1), groups, each), channels);
        return GroupNorm(a, n.X, Repeat(n.In(1)), Repeat(n.In(2)), groups, n.Float("epsilon", 1e-5f));
    }

    private static OnnxValue?[] LayerNorm(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        int axis = n.Axis(n.Int("axis", -1), x.Spec.Rank);
        double epsilon = n.Float("epsilon", 1e-5f);
        var stash = (OnnxDataType)n.Int("stash_type", 1);
        Value scale = n.In(1);
        var bias = n.Opt(2);
        var shape = x.Spec.Sizes[axis..];
        if (Array.TrueForAll(shape, d => d.IsStatic) && scale.Spec.Sizes.AsSpan().SequenceEqual(shape) && (bias is null || bias.Spec.Sizes.AsSpan().SequenceEqual(shape)))
        {
            var all = a.CallMany("aten::native_layer_norm", x, Array.ConvertAll(shape, d => d.Value), scale, bias is null ? Argument.None : bias, epsilon);
            return [n.Same(all[0]), OnnxNode.As(CastTo(a, all[1], stash), stash), OnnxNode.As(CastTo(a, all[2], stash), stash)];
        }
        long[] axes = [.. Enumerable.Range(axis, x.Spec.Rank - axis).Select(i => (long)i)];
        var wide = CastTo(a, x, stash);
        var mean = a.Mean(wide, axes, true);
        var centered = a.Sub(wide, mean);
        var inverse = a.Rsqrt(a.Add(a.Mean(a.Mul(centered, centered), axes, true), epsilon));
        var y = a.Mul(a.Cast(a.Mul(centered, inverse), x.Spec.Type), scale);
        return [n.Same(bias is null ? y : a.Add(y, bias)), OnnxNode.As(mean, stash), OnnxNode.As(inverse, stash)];
    }

    /// <summary>Layer normalization over the last dimension.</summary>
    public static Value LastAxis(Aten a, Value x, Value scale, Value? bias, double epsilon) =>
        a.CallMany("aten::native_layer_norm", x, (long[])[x.Spec.Sizes[^1].Value], scale, bias is null ? Argument.None : bias, epsilon)[0];

    private static Value CastTo(Aten a, Value x, OnnxDataType type) => ElementTypes.Carrier(type) is { } carrier ? a.Cast(x, carrier) : x;

    public static (Value Y, Value Inverse) RmsNorm(Aten a, Value x, Value scale, int axis, double epsilon)
    {
        long[] axes = [.. Enumerable.Range(axis, x.Spec.Rank - axis).Select(i => (long)i)];
        var wide = x.Spec.Type.IsReducedFloating() ? a.Cast(x, ScalarType.Float) : x;
        var inverse = a.Rsqrt(a.Add(a.Mean(a.Mul(wide, wide), axes, true), epsilon));
        return (a.Mul(a.Cast(a.Mul(wide, inverse), x.Spec.Type), a.Cast(scale, x.Spec.Type)), inverse);
    }

    private static OnnxValue?[] Simplified(OnnxNode n)
    {
        var (y, inverse) = RmsNorm(n.Aten, n.X, n.In(1), n.Axis(n.Int("axis", -1), n.Rank()), n.Float("epsilon", 1e-5f));
        return [n.Same(y), OnnxNode.Natural(inverse)];
    }

    private static Value LocalResponse(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        long[] s = Aten.Sizes(x);
        long size = n.Int("size"), before = (size - 1) / 2;
        if (size is < 1 or > 1 << 16)
            throw n.Bad("a size of 1 or more", $"{size}");
        var squares = a.View(a.Mul(x, x), s[0], 1, s[1], s[2..].Aggregate(1L, (p, d) => p * d));
        var padded = a.Pad(squares, [0, 0, before, 0], [0, 0, size - 1 - before, 0], 0);
        var mean = a.View(a.Call("aten::avg_pool2d", padded, (long[])[size, 1], (long[])[1, 1], new long[2], false, true), s);
        return a.Div(x, a.Pow(a.Add(a.Mul(mean, n.Float("alpha", 0.0001f)), n.Float("bias", 1)), n.Float("beta", 0.75f)));
    }

    private static Value LpNorm(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        long[] axis = [n.Axis(n.Int("axis", -1), x.Spec.Rank)];
        var norm = n.Int("p", 2) == 1 ? a.Sum(a.Abs(x), axis, true) : a.Sqrt(a.Sum(a.Mul(x, x), axis, true));
        return a.Div(x, a.Where(a.Eq(norm, 0), 1, norm));
    }

    private static Value MeanVariance(OnnxNode n)
    {
        var a = n.Aten;
        long[] axes = [.. n.Axes(n.Ints("axes") ?? [0, 2, 3], n.Rank()).Select(i => (long)i)];
        var mean = a.Mean(n.X, axes, true);
        var centered = a.Sub(n.X, mean);
        return a.Div(centered, a.Add(a.Sqrt(a.Mean(a.Mul(centered, centered), axes, true)), 1e-9));
    }
}
