using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Tests.RandomGraphs;

/// <summary>Matrix products, convolutions, attention.</summary>
internal static class RandomProducts
{
    public static void Linear(ValuePool pool)
    {
        var x = pool.Pick(v => v.Spec.Rank >= 2 && v.Spec.Sizes[^1].IsStatic);
        if (x is null)
            return;
        int inputs = (int)x.Spec.Sizes[^1].Value, outputs = pool.Random.Next(1, 7);
        double factor = 1.0 / inputs, bound = (pool.Bound(x) * 2) + 2;
        if (x.Spec.Rank == 2 && pool.Random.Next(2) == 0)
        {
            var matrix = pool.Constant(factor, inputs, outputs);
            pool.Add(pool.Random.Next(2) == 0 ? pool.B.Call("aten::mm", x, matrix) : pool.B.Call("aten::addmm", pool.Constant(1, outputs), x, matrix), bound);
            return;
        }
        var bias = pool.Random.Next(3) == 0 ? Argument.None : pool.Constant(1, outputs);
        var y = pool.B.Call("aten::linear", x, pool.Constant(factor, outputs, inputs), bias);
        pool.Add(pool.Random.Next(3) == 0 ? pool.B.Call("aten::mul.Tensor", y, pool.Positive(outputs)) : y, bound * 2);
    }

    public static void Matrices(ValuePool pool)
    {
        var x = pool.Pick(v => v.Spec.Rank >= 2 && v.Spec.IsStatic);
        if (x is null)
            return;
        if (pool.Pick(v => v.Spec.IsStatic && v.Spec.Rank == x.Spec.Rank && v.Spec.Sizes[^2].Value == x.Spec.Sizes[^1].Value && v.Spec.Sizes.SkipLast(2).SequenceEqual(x.Spec.Sizes.SkipLast(2))) is { } other && pool.Random.Next(2) == 0)
        {
            pool.Add(pool.B.Call("aten::matmul", x, other), x.Spec.Sizes[^1].Value * pool.Bound(x) * pool.Bound(other));
            return;
        }
        pool.Add(pool.B.Call("aten::matmul", x, pool.B.Call("aten::transpose_copy.int", x, -1, -2)), x.Spec.Sizes[^1].Value * pool.Bound(x) * pool.Bound(x));
    }

    public static void Attention(ValuePool pool)
    {
        var q = pool.Pick(v => v.Spec.Rank is 3 or 4 && v.Spec.IsStatic);
        if (q is null)
            return;
        var k = pool.Pick(v => v.Spec.Equals(q.Spec))!;
        var v = pool.Pick(o => o.Spec.Equals(q.Spec))!;
        pool.Add(pool.B.Call("aten::scaled_dot_product_attention", q, k, v, Argument.None, 0.0, pool.Random.Next(3) == 0), pool.Bound(v));
    }

    public static void Convolution(ValuePool pool)
    {
        var random = pool.Random;
        var x = pool.Pick(v => v.Spec.Rank is 3 or 4 && v.Spec.Sizes.Skip(1).All(s => s.IsStatic));
        if (x is null)
            return;
        int dims = x.Spec.Rank - 2, channels = (int)x.Spec.Sizes[1].Value, outputs = random.Next(1, 6);
        bool transposed = random.Next(6) == 0;
        int groups = random.Next(4) switch { 0 => channels, 1 when channels % 2 == 0 => 2, _ => 1 };
        if (groups > 1)
            outputs = groups * random.Next(1, 3);
        long[] kernel = new long[dims], stride = new long[dims], padding = new long[dims], dilation = new long[dims], adjust = new long[dims];
        for (int d = 0; d < dims; d++)
        {
            long size = x.Spec.Sizes[2 + d].Value;
            padding[d] = random.Next(2);
            kernel[d] = random.Next(1, (int)Math.Min(4, size + 1 + (2 * padding[d])));
            stride[d] = random.Next(1, 3);
            dilation[d] = !transposed && size >= 2 * kernel[d] ? random.Next(1, 3) : 1;
            adjust[d] = transposed && stride[d] > 1 ? random.Next(2) : 0;
            if (transposed && ((size - 1) * stride[d]) - (2 * padding[d]) + kernel[d] < 1)
                padding[d] = 0;
        }
        int[] taps = [.. kernel.Select(k => (int)k)];
        int[] sizes = transposed ? [channels, outputs / groups, .. taps] : [outputs, channels / groups, .. taps];
        double fan = (double)channels / groups * taps.Aggregate(1, (a, b) => a * b);
        var y = pool.B.Call("aten::convolution", x, pool.Constant(1 / fan, sizes), random.Next(3) == 0 ? Argument.None : pool.Constant(1, outputs), stride, padding, dilation, transposed, adjust, groups);
        double bound = (2 * pool.Bound(x)) + 2;
        switch (random.Next(5))
        {
            case 0:
                pool.Add(y, bound);
                y = BatchNorm(pool, y, outputs);
                bound = (bound * 4) + 10;
                break;
            case 1:
                y = BatchNorm(pool, y, outputs);
                bound = (bound * 4) + 10;
                break;
            case 2:
                y = pool.B.Call("aten::relu", y);
                break;
            case 3:
                y = pool.B.Call("aten::mul.Tensor", y, pool.Positive([outputs, .. Enumerable.Repeat(1, dims)]));
                bound *= 2;
                break;
        }
        pool.Add(y, bound);
    }

    private static Value BatchNorm(ValuePool pool, Value x, int channels) => pool.B.CallMany(
        "aten::_native_batch_norm_legit_no_training", x, pool.Positive(channels), pool.Constant(1, channels), pool.Constant(1, channels), pool.Positive(channels), 0.1, 1e-3)[0];
}
