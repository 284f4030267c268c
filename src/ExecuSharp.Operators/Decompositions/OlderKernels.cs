using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Decompositions.Resampling;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions;

/// <summary>Calls of kernels that came with a later release, written with those that the runtimes have had since ExecuTorch 0.4.</summary>
public static class OlderKernels
{
    /// <summary>The results of the rewritten call, or null if there is no other way to write it.</summary>
    /// <param name="op">Functional name.</param>
    /// <param name="b">Where the calls go.</param>
    /// <param name="a">Complete arguments.</param>
    public static Value[]? Adapt(string op, IGraphBuilder b, IReadOnlyList<Argument> a) => op switch
    {
        "aten::linear" => [Linear(b, a[0].AsValue(), a[1].AsValue(), a[2])],
        "aten::elu" => [Elu(b, a[0].AsValue(), a[1], a[2], a[3])],
        "aten::mean" => [b.Call1("aten::mean.dim", a[0], AllDims(a[0]), false, a[1])],
        "aten::max" => [b.Call1("aten::amax", a[0], AllDims(a[0]), false)],
        "aten::min" => [b.Call1("aten::amin", a[0], AllDims(a[0]), false)],
        "aten::var_mean.correction" => [b.Call1("aten::var.correction", a[0], a[1], a[2], a[3]), b.Call1("aten::mean.dim", a[0], a[1], a[3], Argument.None)],
        "aten::_adaptive_avg_pool2d" when a[1].AsInts() is [1, 1] => [b.Call1("aten::mean.dim", a[0], new long[] { -2, -1 }, true, Argument.None)],
        "aten::upsample_nearest2d.vec" => [ResampleDecompositions.NearestByIndex(b, a)],
        "aten::upsample_bilinear2d.vec" => [ResampleDecompositions.LinearByWeights(b, a)],
        _ => null,
    };

    private static Value Linear(IGraphBuilder b, Value x, Value weight, Argument bias)
    {
        bool flat = x.Spec.Rank == 2;
        var lead = b.Sizes(x)[..^1];
        var rows = flat ? x : b.View(x, -1, b.SizeOf(x, -1));
        var columns = b.Permute(weight, 1, 0);
        var product = bias.IsNone ? b.Call1("aten::mm", rows, columns) : b.Call1("aten::addmm", bias, rows, columns);
        return flat ? product : b.View(product, [.. lead, b.SizeOf(weight, 0)]);
    }

    // scale * (x > 0 ? x : alpha * (exp(input_scale * x) - 1))
    private static Value Elu(IGraphBuilder b, Value x, Argument alpha, Argument scale, Argument inputScale)
    {
        var negative = b.Mul(b.Call1("aten::expm1", IsOne(inputScale) ? x : b.Mul(x, inputScale)), alpha);
        var result = b.Call1("aten::where.self", b.Gt(x, 0), x, negative);
        return IsOne(scale) ? result : b.Mul(result, scale);
    }

    private static bool IsOne(Argument number) => number.AsScalar().ToDouble() == 1;

    private static long[] AllDims(Argument x) => [.. Enumerable.Range(0, x.AsSpec().Rank).Select(d => (long)d)];
}
