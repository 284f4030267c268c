using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Tests.RandomGraphs;

/// <summary>Reductions, normalizations, pooling, resizing.</summary>
internal static class RandomReductions
{
    // Rows that are nearly equal must not be blown up to what rounding left of their differences.
    private const double Eps = 0.1;

    public static void Reduce(ValuePool pool)
    {
        var random = pool.Random;
        var x = pool.Pick(v => v.Spec.Sizes.Any(s => s.IsStatic));
        if (x is null)
            return;
        long[] dims = [.. Enumerable.Range(0, 2).Select(_ => (long)pool.StaticDim(x)).Distinct()];
        if (random.Next(3) == 0 && x.Spec.Rank == 4 && x.Spec.Sizes[2].IsStatic && x.Spec.Sizes[3].IsStatic)
            dims = [2, 3];
        else if (random.Next(2) == 0 && x.Spec.Sizes[^1].IsStatic)
            dims = [-1];
        bool keep = random.Next(2) == 0;
        double bound = pool.Bound(x), count = dims.Aggregate(1.0, (n, d) => n * x.Spec.Sizes[d < 0 ? d + x.Spec.Rank : d].Value);
        var (y, most) = random.Next(5) switch
        {
            0 => (pool.B.Call("aten::sum.dim_IntList", x, dims, keep), bound * count),
            1 => (pool.B.Call("aten::amax", x, dims, keep), bound),
            2 => (pool.B.Call("aten::amin", x, dims, keep), bound),
            3 when count > 1 => (pool.B.Call("aten::var.correction", x, dims, 0, keep), bound * bound),
            _ => (pool.B.Call("aten::mean.dim", x, dims, keep), bound),
        };
        pool.Add(y, most);
    }

    public static void Softmax(ValuePool pool)
    {
        var x = pool.Pick(v => v.Spec.Sizes.Any(s => s.IsStatic));
        if (x is null)
            return;
        int dim = pool.Random.Next(2) == 0 && x.Spec.Sizes[^1].IsStatic ? -1 : pool.StaticDim(x);
        if (pool.Random.Next(4) == 0)
            pool.Add(pool.B.Call("aten::_log_softmax", x, dim, false), 2 * pool.Bound(x) + 8);
        else
            pool.Add(pool.B.Call("aten::_softmax", x, dim, false), 1);
    }

    public static void Normalize(ValuePool pool)
    {
        var random = pool.Random;
        if (random.Next(3) == 0 && pool.Pick(v => v.Spec.Rank >= 2 && v.Spec.IsStatic) is { } grouped)
        {
            int channels = (int)grouped.Spec.Sizes[1].Value, groups = random.Next(2) == 0 ? channels : 1;
            long rest = grouped.Spec.Sizes.Skip(2).Aggregate(1L, (n, s) => n * s.Value);
            pool.Add(pool.B.CallMany("aten::native_group_norm", grouped, pool.Positive(channels), pool.Constant(1, channels), grouped.Spec.Sizes[0].Value, channels, rest, groups, Eps)[0], 8);
            return;
        }
        var x = pool.Pick(v => v.Spec.Rank >= 1 && v.Spec.Sizes[^1].IsStatic);
        if (x is null)
            return;
        int from = random.Next(3) == 0 && x.Spec.Rank > 2 ? x.Spec.Rank - 2 : x.Spec.Rank - 1;
        int[] sizes = [.. x.Spec.Sizes.Skip(from).Select(s => (int)s.Value)];
        if (x.Spec.Sizes.Skip(from).Any(s => !s.IsStatic))
            return;
        var weight = random.Next(4) == 0 ? Argument.None : pool.Positive(sizes);
        var bias = random.Next(4) == 0 ? Argument.None : pool.Constant(1, sizes);
        pool.Add(pool.B.CallMany("aten::native_layer_norm", x, sizes, weight, bias, Eps)[0], 8);
    }

    public static void Pool(ValuePool pool)
    {
        var random = pool.Random;
        var x = pool.Pick(IsImage);
        if (x is null)
            return;
        long height = x.Spec.Sizes[2].Value, width = x.Spec.Sizes[3].Value;
        long[] kernel = [random.Next(1, (int)Math.Min(3, height) + 1), random.Next(1, (int)Math.Min(3, width) + 1)], stride = [random.Next(1, 3), random.Next(1, 3)];
        long[] padding = [.. kernel.Select(k => (long)random.Next((int)(k / 2) + 1))];
        bool ceil = random.Next(4) == 0;
        pool.Add(
            random.Next(3) switch
            {
                0 => pool.B.CallMany("aten::max_pool2d_with_indices", x, kernel, stride, padding, new long[] { 1, 1 }, ceil)[0],
                1 => pool.B.Call("aten::avg_pool2d", x, kernel, stride, padding, ceil, random.Next(2) == 0),
                _ => pool.B.Call("aten::_adaptive_avg_pool2d", x, random.Next(2) == 0 ? new long[] { 1, 1 } : new long[] { 2, 2 }),
            },
            pool.Bound(x));
    }

    public static void Resize(ValuePool pool)
    {
        var x = pool.Pick(v => IsImage(v) && v.Spec.IsStatic);
        if (x is null)
            return;
        long[] sizes = pool.Random.Next(2) == 0 ? [x.Spec.Sizes[2].Value * 2, x.Spec.Sizes[3].Value * pool.Random.Next(1, 4)] : [pool.Random.Next(1, 9), pool.Random.Next(1, 9)];
        pool.Add(
            pool.Random.Next(2) == 0 ? pool.B.Call("aten::upsample_nearest2d.vec", x, sizes, Argument.None) : pool.B.Call("aten::upsample_bilinear2d.vec", x, sizes, pool.Random.Next(2) == 0, Argument.None),
            pool.Bound(x));
    }

    private static bool IsImage(Value value) => value.Spec.Rank == 4 && value.Spec.Sizes.Skip(1).All(s => s.IsStatic);
}
