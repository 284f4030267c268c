using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Tests.RandomGraphs;

/// <summary>Operators that move data.</summary>
internal static class RandomViews
{
    public static void Reshape(ValuePool pool)
    {
        var random = pool.Random;
        var x = pool.Pick(v => v.Spec.Sizes.Skip(1).All(s => s.IsStatic));
        if (x is null)
            return;
        switch (random.Next(3))
        {
            case 0:
                Keep(pool, x, pool.B.Call("aten::unsqueeze_copy", x, random.Next(x.Spec.Rank + 1)));
                return;
            case 1 when Array.FindIndex(x.Spec.Sizes, s => s == (Dim)1) is >= 0 and var one:
                Keep(pool, x, pool.B.Call("aten::squeeze_copy.dims", x, new long[] { one }));
                return;
        }
        bool dynamic = x.Spec.Rank > 0 && !x.Spec.Sizes[0].IsStatic;
        long left = x.Spec.Sizes.Skip(dynamic ? 1 : 0).Aggregate(1L, (n, s) => n * s.Value);
        var sizes = new List<Argument>();
        if (dynamic)
            sizes.Add(pool.B.SizeOf(x, 0));
        for (int i = random.Next(3); i > 0; i--)
        {
            long[] factors = [.. Enumerable.Range(1, (int)left).Where(f => left % f == 0).Select(f => (long)f)];
            long factor = factors[random.Next(factors.Length)];
            sizes.Add(factor);
            left /= factor;
        }
        sizes.Add(left);
        Keep(pool, x, pool.B.Call("aten::view_copy", x, sizes.ToArray()));
    }

    public static void Permute(ValuePool pool)
    {
        var x = pool.Pick(v => v.Spec.Rank >= 2);
        if (x is null)
            return;
        long[] order = [.. Enumerable.Range(0, x.Spec.Rank).Select(d => (long)d)];
        if (pool.Random.Next(3) == 0)
        {
            int a = pool.Random.Next(order.Length), b = pool.Random.Next(order.Length);
            Keep(pool, x, pool.B.Call("aten::transpose_copy.int", x, a, b - order.Length));
            return;
        }
        order = pool.Random.Next(3) == 0 && order.Length == 4 ? (pool.Random.Next(2) == 0 ? [0, 2, 3, 1] : [0, 3, 1, 2]) : Shuffled(pool.Random, order);
        Keep(pool, x, pool.B.Call("aten::permute_copy", x, order));
    }

    public static void Cut(ValuePool pool)
    {
        var random = pool.Random;
        var x = pool.Pick(v => v.Spec.Sizes.Any(s => s.IsStatic));
        if (x is null)
            return;
        int dim = pool.StaticDim(x), size = (int)x.Spec.Sizes[dim].Value;
        switch (random.Next(4))
        {
            case 0:
                Keep(pool, x, pool.B.Call("aten::select_copy.int", x, dim, random.Next(size) - (random.Next(2) * size)));
                return;
            case 1 when size > 1:
                long first = random.Next(1, size);
                foreach (var part in pool.B.CallMany("aten::split_with_sizes_copy", x, new long[] { first, size - first }, dim))
                    Keep(pool, x, part);
                return;
            case 2:
                long[] places = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (long)random.Next(size))];
                Keep(pool, x, pool.B.Call("aten::index_select", x, dim, pool.B.Constant(Tensor.From<long>(places, places.Length))));
                return;
            default:
                int start = random.Next(size), end = random.Next(start + 1, size + 2);
                Keep(pool, x, pool.B.Call("aten::slice_copy.Tensor", x, dim, start, end, random.Next(1, 3)));
                return;
        }
    }

    public static void Join(ValuePool pool)
    {
        var x = pool.Pick(v => v.Spec.Sizes.Any(s => s.IsStatic));
        if (x is null)
            return;
        int dim = pool.StaticDim(x);
        var parts = new List<Value> { x };
        for (int i = pool.Random.Next(1, 6); i > 0; i--)
            parts.Add(pool.Pick(v => v.Spec.Rank == x.Spec.Rank && Enumerable.Range(0, x.Spec.Rank).All(d => d == dim ? v.Spec.Sizes[d].IsStatic : v.Spec.Sizes[d] == x.Spec.Sizes[d]))!);
        double bound = parts.Max(pool.Bound);
        if (pool.Random.Next(3) == 0 && parts.TrueForAll(p => p.Spec.Equals(x.Spec)))
            pool.Add(pool.B.Call("aten::stack", parts.ToArray(), dim), bound);
        else
            pool.Add(pool.B.Call("aten::cat", parts.ToArray(), dim), bound);
    }

    public static void Repeat(ValuePool pool)
    {
        var x = pool.Pick(v => v.Spec.IsStatic && v.Spec.Rank > 0);
        if (x is null)
            return;
        if (pool.Random.Next(2) == 0)
        {
            Keep(pool, x, pool.B.Call("aten::repeat", x, x.Spec.Sizes.Select(_ => (long)pool.Random.Next(1, 3)).ToArray()));
            return;
        }
        long[] sizes = [pool.Random.Next(1, 3), .. x.Spec.Sizes.Select(s => s.Value == 1 ? pool.Random.Next(1, 4) : s.Value)];
        var y = pool.B.Call("aten::expand_copy", x, sizes);
        Keep(pool, x, pool.Random.Next(2) == 0 ? y : pool.B.Call("aten::add.Tensor", y, pool.Constant(1, [.. sizes.Select(s => (int)s)])), 2);
    }

    public static void Pad(ValuePool pool)
    {
        var random = pool.Random;
        var x = pool.Pick(v => v.Spec.Rank is 3 or 4 && v.Spec.Sizes[^1] is { IsStatic: true, Value: > 1 } && v.Spec.Sizes[^2] is { IsStatic: true, Value: > 1 });
        if (x is null)
            return;
        long[] padding = [random.Next(2), random.Next(2), random.Next(2), random.Next(2)];
        Keep(pool, x, random.Next(4) switch
        {
            0 => pool.B.Call("aten::reflection_pad2d", x, padding),
            1 => pool.B.Call("aten::replication_pad2d", x, padding),
            2 => pool.B.Call("aten::constant_pad_nd", x, (long[])[random.Next(3), random.Next(3)], 0),
            _ => pool.B.Call("aten::constant_pad_nd", x, padding, 0.5),
        });
    }

    public static void Reorder(ValuePool pool)
    {
        var random = pool.Random;
        if (random.Next(3) == 0 && pool.Pick(v => v.Spec.Rank == 4 && v.Spec.IsStatic && v.Spec.Sizes[1].Value % 4 == 0) is { } image)
        {
            Keep(pool, image, pool.B.Call("aten::pixel_shuffle", image, 2));
            return;
        }
        var x = pool.Pick(v => v.Spec.IsStatic && v.Spec.Rank > 0);
        if (x is null)
            return;
        int dim = random.Next(x.Spec.Rank);
        Keep(pool, x, random.Next(2) == 0 ? pool.B.Call("aten::flip", x, new long[] { dim }) : pool.B.Call("aten::roll", x, new long[] { random.Next(-3, 4) }, new long[] { dim }));
    }

    private static void Keep(ValuePool pool, Value from, Value to, double more = 0) => pool.Add(to, pool.Bound(from) + more, more == 0 && pool.IsExact(from));

    private static long[] Shuffled(Random random, long[] order)
    {
        random.Shuffle(order);
        return order;
    }
}
