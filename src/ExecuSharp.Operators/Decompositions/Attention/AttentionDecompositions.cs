using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Decompositions.Linear;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Attention;

/// <summary>Scaled dot-product attention as products and a softmax.</summary>
internal static class AttentionDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0.0, bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor",
            (b, a) => Attend(b, a[0].AsValue(), a[1].AsValue(), a[2].AsValue(), a[3].AsOptionalValue(), a[5].AsBool(), a[6], a[7].AsBool())),
        Many("aten::_scaled_dot_product_flash_attention_for_cpu(Tensor query, Tensor key, Tensor value, float dropout_p=0.0, bool is_causal=False, *, Tensor? attn_mask=None, float? scale=None) -> (Tensor, Tensor)", Flash),
        Many("aten::_scaled_dot_product_attention_math(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0.0, bool is_causal=False, Tensor? dropout_mask=None, *, float? scale=None, bool enable_gqa=False) -> (Tensor, Tensor)", Math),
        One("aten::_safe_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", SafeSoftmax),
    ];

    private static Value Attend(IGraphBuilder b, Value query, Value key, Value value, Value? mask, bool causal, Argument scale, bool grouped)
    {
        var (scores, values) = Scores(b, query, key, value, mask, causal, scale, grouped);
        return MatmulDecompositions.Matmul(b, Weights(b, scores, mask), values);
    }

    private static (Value Scores, Value Values) Scores(IGraphBuilder b, Value query, Value key, Value value, Value? mask, bool causal, Argument scale, bool grouped)
    {
        if (grouped)
            (key, value) = (RepeatHeads(b, key, query), RepeatHeads(b, value, query));
        double factor = scale.IsNone ? 1 / System.Math.Sqrt(query.Spec.Sizes[^1].Value) : scale.AsDouble();
        var scaled = factor == 1 ? query : b.Mul(query, factor);
        var scores = MatmulDecompositions.Matmul(b, scaled, b.Swap(key, -2, -1));
        if (causal)
            scores = b.Add(scores, CausalMask(b, scores));
        if (mask is not null)
            scores = mask.Spec.Type == ScalarType.Bool ? b.Where(mask, scores, double.NegativeInfinity) : b.Add(scores, mask);
        return (scores, value);
    }

    /// <summary>Softmax; a row that the mask hides entirely gets zeros. What the mask leaves is seen from the mask alone, which is often a constant.</summary>
    private static Value Weights(IGraphBuilder b, Value scores, Value? mask)
    {
        var weights = b.Call1("aten::_softmax", scores, -1, false);
        if (mask is null || !MayHideARow(b, mask))
            return weights;
        var shown = mask.Spec.Type == ScalarType.Bool ? mask : b.Ne(mask, double.NegativeInfinity);
        return b.Where(shown.Spec.Rank == 0 ? shown : b.Call1("aten::any.dim", shown, -1, true), weights, b.Number(0.0, weights.Spec.Type));
    }

    private static Value RepeatHeads(IGraphBuilder b, Value x, Value query)
    {
        int dim = query.Spec.Rank - 3;
        long heads = query.Spec.Sizes[dim].Value, own = x.Spec.Sizes[dim].Value;
        if (heads == own)
            return x;
        var sizes = b.Sizes(x);
        var wide = b.Expand(b.Unsqueeze(x, dim + 1), [.. sizes[..(dim + 1)], heads / own, .. sizes[(dim + 1)..]]);
        return b.View(wide, [.. sizes[..dim], heads, .. sizes[(dim + 1)..]]);
    }

    /// <summary>0 on and below the diagonal, -inf above; of the largest size, cut at run time where sizes are dynamic.</summary>
    private static Value CausalMask(IGraphBuilder b, Value scores)
    {
        var (rows, columns) = (scores.Spec.Sizes[^2], scores.Spec.Sizes[^1]);
        Constants.CheckSize(rows.Value, columns.Value);
        var values = new double[rows.Value * columns.Value];
        for (int i = 0; i < values.Length; i++)
            values[i] = i % columns.Value > i / columns.Value ? double.NegativeInfinity : 0;
        var mask = b.Constant(Constants.Of(scores.Spec.Type, [(int)rows.Value, (int)columns.Value], values));
        if (!rows.IsStatic)
            mask = b.Slice(mask, 0, 0, b.SizeOf(scores, -2));
        return columns.IsStatic ? mask : b.Slice(mask, 1, 0, b.SizeOf(scores, -1));
    }

    /// <summary>False if the mask is a constant that leaves something in every row.</summary>
    private static bool MayHideARow(IGraphBuilder b, Value mask)
    {
        if (b.ConstantOf(mask) is not { } known)
            return true;
        var values = Constants.Read(known);
        double hidden = known.Type == ScalarType.Bool ? 0 : double.NegativeInfinity;
        int columns = known.Rank == 0 ? 1 : known.Sizes[^1];
        return values.Chunk(System.Math.Max(columns, 1)).Any(row => Array.TrueForAll(row, v => v == hidden));
    }

    /// <summary>Softmax that gives zeros for a row of -inf.</summary>
    private static Value SafeSoftmax(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        if (!a[2].IsNone)
            x = b.Cast(x, a[2].AsScalarType());
        var hidden = b.Call1("aten::any.dim", b.Ne(x, double.NegativeInfinity), a[1], true);
        return b.Where(hidden, b.Call1("aten::_softmax", x, a[1], false), b.Number(0.0, x.Spec.Type));
    }

    private static Value[] Flash(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (scores, values) = Scores(b, a[0].AsValue(), a[1].AsValue(), a[2].AsValue(), a[5].AsOptionalValue(), a[4].AsBool(), a[6], false);
        var result = MatmulDecompositions.Matmul(b, b.Call1("aten::_softmax", scores, -1, false), values);
        var top = b.Amax(scores, [-1], keepDim: true);
        var sum = b.Add(b.Log(b.Sum(b.Exp(b.Sub(scores, top)), [-1])), b.Squeeze(top, -1));
        return [result, sum];
    }

    private static Value[] Math(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (scores, values) = Scores(b, a[0].AsValue(), a[1].AsValue(), a[2].AsValue(), a[3].AsOptionalValue(), a[5].AsBool(), a[7], a[8].AsBool());
        var weights = Weights(b, scores, a[3].AsOptionalValue());
        return [MatmulDecompositions.Matmul(b, weights, values), weights];
    }
}
