using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Quantization;

/// <summary>
/// torchao's affine quantization. Blocks that are rows become the per-token operators of the runtime, blocks that are groups of a weight's row
/// become <c>dequantize_per_channel_group</c>, whole channels become <c>dequantize_per_channel</c>.
/// </summary>
internal static class AffineDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows => [.. Family("torchao"), .. Family("quant"), .. Shared()];

    private static IEnumerable<OperatorDefinition> Family(string space) =>
    [
        Many($"{space}::choose_qparams_affine(Tensor input, str mapping_type, SymInt[] block_size, ScalarType target_dtype, Scalar? quant_min=None, Scalar? quant_max=None, float? eps=None, ScalarType? scale_dtype=None, ScalarType? zero_point_dtype=None, bool preserve_zero=True, str? zero_point_domain='INT', bool keepdim=False) -> (Tensor, Tensor)", Choose),
        One($"{space}::quantize_affine(Tensor input, SymInt[] block_size, Tensor scale, Tensor? zero_point, ScalarType output_dtype, Scalar? quant_min=None, Scalar? quant_max=None, str? zero_point_domain='INT') -> Tensor", Quantize),
        One($"{space}::dequantize_affine(Tensor input, SymInt[] block_size, Tensor scale, Tensor? zero_point, ScalarType input_dtype, Scalar? quant_min=None, Scalar? quant_max=None, str? zero_point_domain='INT', ScalarType output_dtype=float) -> Tensor", Dequantize),
    ];

    private static IEnumerable<OperatorDefinition> Shared() =>
    [
        new("quantized_decomposed::dequantize_per_channel_group(Tensor input, Tensor scales, Tensor? zero_points, int quant_min, int quant_max, ScalarType dtype, int group_size=128, ScalarType output_dtype=float) -> Tensor")
        {
            Shape = a => [a[0].AsSpec() with { Type = a[7].AsScalarType() }],
            Decompose = (b, a) => [DequantizeGroups(b, a)],
        },
    ];

    private static Value[] Choose(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        var (min, max) = Range(a[3].AsScalarType(), a[4], a[5]);
        if (a[1].AsString() != "ASYMMETRIC" || !IsRow(x, a[2]) || a[3].AsScalarType() != ScalarType.Char || min != -128 || max != 127)
            throw Unsupported($"affine quantization parameters {a[1]} for blocks {a[2]} between {min} and {max}");
        return b.CallMany("quantized_decomposed::choose_qparams_per_token_asymmetric", x, ScalarType.Char);
    }

    private static Value Quantize(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, scale) = (a[0].AsValue(), a[2].AsValue());
        var type = a[4].AsScalarType();
        var (min, max) = Range(type, a[5], a[6]);
        if (!IsRow(x, a[1]))
            throw Unsupported($"affine quantization with blocks {a[1]}");
        return b.Call1("quantized_decomposed::quantize_per_token", x, Column(b, scale, x, ScalarType.Double), Points(b, a[3], scale, x), min, max, type);
    }

    private static Value Dequantize(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, scale) = (a[0].AsValue(), a[2].AsValue());
        var type = a[4].AsScalarType();
        var (min, max) = Range(type, a[5], a[6]);
        long[] block = a[1].AsInts();
        if (b.ConstantOf(x) is null && IsRow(x, a[1]))
            return b.Call1("quantized_decomposed::dequantize_per_token", x, Column(b, scale, x, ScalarType.Double), Points(b, a[3], scale, x), min, max, type, a[8]);
        if (block.Length != 2 || block[0] != 1)
            throw Unsupported($"affine dequantization with blocks {a[1]}");
        var points = a[3].IsNone ? Argument.None : b.Cast(a[3].AsValue(), ScalarType.Long);
        if (block[1] == x.Spec.Sizes[1].Value)
            return b.Call1("quantized_decomposed::dequantize_per_channel", x, b.View(scale, (Argument)(-1)), points.IsNone ? points : b.View(points.AsValue(), (Argument)(-1)), 0, min, max, type, a[8]);
        return b.Call1("quantized_decomposed::dequantize_per_channel_group", x, scale, points, min, max, type, block[1], a[8]);
    }

    private static Value DequantizeGroups(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, scales) = (a[0].AsValue(), a[1].AsValue());
        long rows = x.Spec.Sizes[0].Value, groups = x.Spec.Sizes[1].Value / a[6].AsInt();
        var split = b.View(b.Cast(x, ScalarType.Float), rows, groups, a[6].AsInt());
        Value Each(Value v) => b.View(b.Cast(v, ScalarType.Float), rows, groups, 1);
        if (!a[2].IsNone)
            split = b.Sub(split, Each(a[2].AsValue()));
        return b.Cast(b.View(b.Mul(split, Each(scales)), rows, x.Spec.Sizes[1].Value), a[7].AsScalarType());
    }

    /// <summary>A block is the last dimension, one for each place of the others.</summary>
    private static bool IsRow(Value x, Argument block)
    {
        long[] sizes = block.AsInts();
        return sizes[^1] == x.Spec.Sizes[^1].Value && sizes[..^1].All(s => s == 1);
    }

    /// <summary>One number for each row, with a last dimension of 1.</summary>
    private static Value Column(IGraphBuilder b, Value v, Value x, ScalarType type) =>
        b.Cast(v.Spec.Rank == x.Spec.Rank ? v : b.Unsqueeze(v, -1), type);

    private static Value Points(IGraphBuilder b, Argument points, Value scale, Value x) =>
        points.IsNone ? b.FullLike(Column(b, scale, x, ScalarType.Double), 0, ScalarType.Long) : Column(b, points.AsValue(), x, ScalarType.Long);

    private static (long Min, long Max) Range(ScalarType type, Argument min, Argument max)
    {
        var (low, high) = type == ScalarType.Byte ? (0L, 255L) : type == ScalarType.Int ? (int.MinValue, int.MaxValue) : (-128L, 127L);
        return (min.IsNone ? low : (long)min.AsDouble(), max.IsNone ? high : (long)max.AsDouble());
    }
}
