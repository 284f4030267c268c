using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Normalization;

/// <summary>Batch, layer, group, instance and root-mean-square normalization.</summary>
internal static class NormalizationDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor",
            (b, a) => Batch(b, a[0].AsValue(), a[1], a[2], a[3], a[4], a[5].AsBool(), a[6].AsDouble(), a[7].AsDouble())[0]),
        Many("aten::native_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)",
            (b, a) => Batch(b, a[0].AsValue(), a[1], a[2], a[3], a[4], a[5].AsBool(), a[6].AsDouble(), a[7].AsDouble())[..3]),
        Many("aten::_native_batch_norm_legit_functional(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, Tensor running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor, Tensor, Tensor)",
            (b, a) => Batch(b, a[0].AsValue(), a[1], a[2], a[3], a[4], a[5].AsBool(), a[6].AsDouble(), a[7].AsDouble())),
        Many("aten::_batch_norm_with_update_functional(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, Tensor running_var, float momentum, float eps) -> (Tensor, Tensor, Tensor, Tensor, Tensor, Tensor)", WithUpdate),
        Many("aten::_batch_norm_no_update(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, float momentum, float eps) -> (Tensor, Tensor, Tensor, Tensor)", NoUpdate),
        One("aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1e-05, bool cudnn_enable=True) -> Tensor",
            (b, a) => b.Call1("aten::native_layer_norm", a[0], a[1], a[2], a[3], a[4])),
        One("aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1e-05, bool cudnn_enabled=True) -> Tensor",
            (b, a) => Group(b, a[0].AsValue(), a[1].AsInt(), a[2], a[3], a[4])),
        One("aten::instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool use_input_stats, float momentum, float eps, bool cudnn_enabled) -> Tensor", Instance),
        new("aten::rms_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, float? eps=None) -> Tensor") { Shape = ShapeRules.SameAsFirst, Decompose = (b, a) => [RootMeanSquare(b, a)] },
    ];

    /// <summary>Output, mean, inverse deviation, and with statistics to update: the new mean and variance.</summary>
    private static Value[] Batch(IGraphBuilder b, Value x, Argument weight, Argument bias, Argument mean, Argument variance, bool training, double momentum, double eps)
    {
        if (!training)
        {
            var parts = b.CallMany("aten::_native_batch_norm_legit_no_training", x, weight, bias, mean, variance, momentum, eps);
            var old = new List<Value>(parts);
            if (mean.IsValue && variance.IsValue)
                old.AddRange([mean.AsValue(), variance.AsValue()]);
            return [.. old];
        }
        long[] dims = [.. Enumerable.Range(0, x.Spec.Rank).Where(d => d != 1).Select(d => (long)d)];
        long channels = x.Spec.Sizes[1].Value;
        Argument[] shape = [.. Enumerable.Range(0, x.Spec.Rank).Select(d => (Argument)(d == 1 ? channels : 1))];
        var m = b.Mean(x, dims, keepDim: true);
        var centred = b.Sub(x, m);
        var v = b.Mean(b.Mul(centred, centred), dims, keepDim: true);
        var inverse = b.Call1("aten::rsqrt", b.Add(v, eps));
        var y = b.Mul(centred, inverse);
        if (!weight.IsNone)
            y = b.Mul(y, b.View(weight.AsValue(), shape));
        if (!bias.IsNone)
            y = b.Add(y, b.View(bias.AsValue(), shape));
        var results = new List<Value> { y, b.View(m, channels), b.View(inverse, channels) };
        if (mean.IsValue && variance.IsValue)
        {
            double n = dims.Aggregate(1.0, (p, d) => p * x.Spec.Sizes[d].Value);
            results.Add(b.Add(b.Mul(mean, 1 - momentum), b.Mul(b.View(m, channels), momentum)));
            results.Add(b.Add(b.Mul(variance, 1 - momentum), b.Mul(b.View(v, channels), momentum * n / (n - 1))));
        }
        return [.. results];
    }

    private static Value[] WithUpdate(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var r = Batch(b, a[0].AsValue(), a[1], a[2], a[3], a[4], true, a[5].AsDouble(), a[6].AsDouble());
        return [r[0], r[1], r[2], b.Constant(Tensor.Empty(ScalarType.Byte, [0])), r[3], r[4]];
    }

    private static Value[] NoUpdate(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var r = Batch(b, a[0].AsValue(), a[1], a[2], a[3], a[4], false, a[5].AsDouble(), a[6].AsDouble());
        return [r[0], r[1], r[2], b.Constant(Tensor.Empty(ScalarType.Byte, [0]))];
    }

    private static Value Group(IGraphBuilder b, Value x, long groups, Argument weight, Argument bias, Argument eps)
    {
        var spatial = x.Spec.Rank > 2 ? b.Product(x, 2, x.Spec.Rank - 1) : 1;
        return b.Call1("aten::native_group_norm", x, weight, bias, b.SizeOf(x, 0), b.SizeOf(x, 1), spatial, groups, eps);
    }

    private static Value Instance(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        return a[5].AsBool()
            ? Group(b, x, x.Spec.Sizes[1].Value, a[1], a[2], a[7])
            : b.Call1("aten::_native_batch_norm_legit_no_training", x, a[1], a[2], a[3], a[4], a[6], a[7]);
    }

    private static Value RootMeanSquare(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        var type = x.Spec.Type;
        double eps = !a[3].IsNone ? a[3].AsDouble() : type switch
        {
            ScalarType.Double => double.BitIncrement(1) - 1,
            ScalarType.Half => 9.765625e-4,
            ScalarType.BFloat16 => 7.8125e-3,
            _ => 1.1920928955078125e-7,
        };
        int count = a[1].AsList().Count;
        long[] dims = [.. Enumerable.Range(x.Spec.Rank - count, count).Select(d => (long)d)];
        var wide = type.IsReducedFloating() ? b.Cast(x, ScalarType.Float) : x;
        var scaled = b.Mul(wide, b.Call1("aten::rsqrt", b.Add(b.Mean(b.Mul(wide, wide), dims, keepDim: true), eps)));
        return b.Cast(a[2].IsNone ? scaled : b.Mul(scaled, a[2]), type);
    }
}
