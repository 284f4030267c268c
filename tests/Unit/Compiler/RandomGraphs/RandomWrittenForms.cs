using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Tests.RandomGraphs;

/// <summary>What exporters write out as several operators, and forms that look like it and are not.</summary>
internal static class RandomWrittenForms
{
    public static void Add(ValuePool pool)
    {
        var x = pool.Pick(v => v.Spec.Rank >= 1 && v.Spec.Sizes[^1].IsStatic);
        if (x is null)
            return;
        double bound = pool.Bound(x);
        var (y, most) = pool.Random.Next(8) switch
        {
            0 => (Gelu(pool, x), 2 * bound),
            1 => (TanhGelu(pool, x), 2 * bound),
            2 => (HardSwish(pool, x), 2 * bound),
            3 => (LayerNorm(pool, x), 12),
            4 => (RootMeanSquare(pool, x), 8),
            5 => (Softmax(pool, x), 2),
            6 => (Transposed(pool, x), 4 * bound),
            _ => (Scaled(pool, x), 8 * bound),
        };
        pool.Add(y, most);
    }

    // One of eight is not what it seems.
    private static double Maybe(ValuePool pool, double number) => pool.Random.Next(8) == 0 ? number * 1.5 : number;

    private static Value Times(ValuePool pool, Value x, double number) => pool.Random.Next(4) switch
    {
        0 => pool.B.Call("aten::mul.Scalar", x, number),
        1 => pool.B.Call("aten::mul.Tensor", One(pool, number), x),
        2 => pool.B.Call("aten::div.Tensor", x, One(pool, 1 / number)),
        _ => pool.B.Call("aten::div.Scalar", x, 1 / number),
    };

    private static Value Plus(ValuePool pool, Value x, double number) => pool.Random.Next(3) switch
    {
        0 => pool.B.Call("aten::add.Scalar", x, number),
        1 => pool.B.Call("aten::sub.Tensor", x, One(pool, -number)),
        _ => pool.B.Call("aten::add.Tensor", One(pool, number), x),
    };

    private static Value One(ValuePool pool, double number) => pool.B.Constant(Tensor.From<float>([(float)number], pool.Random.Next(2) == 0 ? [] : [1]));

    private static Value Product(ValuePool pool, Value x, Value gate, double number) => pool.Random.Next(3) switch
    {
        0 => pool.B.Call("aten::mul.Tensor", Times(pool, x, number), gate),
        1 => Times(pool, pool.B.Call("aten::mul.Tensor", gate, x), number),
        _ => pool.B.Call("aten::mul.Tensor", x, Times(pool, gate, number)),
    };

    private static Value Gelu(ValuePool pool, Value x) =>
        Product(pool, x, Plus(pool, pool.B.Call("aten::erf", Times(pool, x, Maybe(pool, 1 / Math.Sqrt(2)))), Maybe(pool, 1)), Maybe(pool, 0.5));

    private static Value TanhGelu(ValuePool pool, Value x)
    {
        var cube = pool.Random.Next(2) == 0 ? pool.B.Call("aten::pow.Tensor_Scalar", x, 3) : pool.B.Call("aten::mul.Tensor", pool.B.Call("aten::mul.Tensor", x, x), x);
        var sum = pool.B.Call("aten::add.Tensor", x, Times(pool, cube, Maybe(pool, 0.044715)));
        return Product(pool, x, Plus(pool, pool.B.Call("aten::tanh", Times(pool, sum, Maybe(pool, Math.Sqrt(2 / Math.PI)))), 1), 0.5);
    }

    private static Value HardSwish(ValuePool pool, Value x) => pool.Random.Next(2) == 0
        ? Product(pool, x, pool.B.Call("aten::clamp", Plus(pool, x, Maybe(pool, 3)), 0, 6), 1.0 / 6)
        : pool.B.Call("aten::mul.Tensor", pool.B.Call("aten::hardtanh", Plus(pool, Times(pool, x, 1.0 / 6), 0.5), 0, Maybe(pool, 1)), x);

    private static Value Mean(ValuePool pool, Value x) => pool.B.Call("aten::mean.dim", x, new long[] { -1 }, true);

    private static Value Square(ValuePool pool, Value x) => pool.Random.Next(2) == 0 ? pool.B.Call("aten::pow.Tensor_Scalar", x, 2) : pool.B.Call("aten::mul.Tensor", x, x);

    private static Value Normal(ValuePool pool, Value x, Value square)
    {
        var variance = Plus(pool, Mean(pool, square), 0.1);
        return pool.Random.Next(2) == 0 ? pool.B.Call("aten::div.Tensor", x, pool.B.Call("aten::sqrt", variance)) : pool.B.Call("aten::mul.Tensor", pool.B.Call("aten::rsqrt", variance), x);
    }

    private static Value LayerNorm(ValuePool pool, Value x)
    {
        int width = (int)x.Spec.Sizes[^1].Value;
        var centred = pool.B.Call("aten::sub.Tensor", x, Mean(pool, x));
        var normal = Normal(pool, centred, Square(pool, pool.Random.Next(8) == 0 ? x : centred));
        if (pool.Random.Next(3) > 0)
            normal = pool.B.Call("aten::mul.Tensor", normal, pool.Positive(width));
        return pool.Random.Next(3) > 0 ? pool.B.Call("aten::add.Tensor", pool.Constant(1, width), normal) : normal;
    }

    private static Value RootMeanSquare(ValuePool pool, Value x)
    {
        var normal = Normal(pool, x, Square(pool, x));
        return pool.Random.Next(2) == 0 ? pool.B.Call("aten::mul.Tensor", normal, pool.Positive((int)x.Spec.Sizes[^1].Value)) : normal;
    }

    private static Value Softmax(ValuePool pool, Value x)
    {
        var b = pool.B;
        int dim = pool.StaticDim(x);
        var exp = b.Call("aten::exp", b.Call("aten::sub.Tensor", x, b.Call("aten::amax", x, new long[] { dim }, true)));
        return b.Call("aten::div.Tensor", exp, b.Call("aten::sum.dim_IntList", exp, new long[] { pool.Random.Next(4) == 0 ? pool.StaticDim(x) : dim }, true));
    }

    // Element-wise operators between two permutations.
    private static Value Transposed(ValuePool pool, Value x)
    {
        long[] order = [.. Enumerable.Range(0, x.Spec.Rank).Select(d => (long)d)];
        pool.Random.Shuffle(order);
        var a = pool.B.Call("aten::permute_copy", x, order);
        var b = pool.B.Call("aten::relu", pool.Random.Next(2) == 0 ? a : pool.B.Call("aten::permute_copy", pool.B.Call("aten::abs", x), order));
        if (pool.Random.Next(2) == 0 && b.Spec.Sizes[^1].IsStatic)
            b = pool.B.Call("aten::mul.Tensor", b, pool.Positive((int)b.Spec.Sizes[^1].Value));
        if (pool.Random.Next(2) == 0)
            b = pool.B.Call("aten::add.Tensor", b, pool.B.Call("aten::permute_copy", x, order));
        long[] back = pool.Random.Next(2) == 0 ? [.. Enumerable.Range(0, order.Length).Select(d => (long)Array.IndexOf(order, d))] : order;
        return pool.B.Call("aten::permute_copy", b, back);
    }

    // A factor behind a linear layer, through what moves data.
    private static Value Scaled(ValuePool pool, Value x)
    {
        if (x.Spec.Rank < 2)
            return Times(pool, Times(pool, x, 0.25), 3);
        var y = pool.B.Call("aten::linear", x, pool.Constant(1.0 / x.Spec.Sizes[^1].Value, 4, (int)x.Spec.Sizes[^1].Value), pool.Constant(1, 4));
        y = pool.B.Call("aten::transpose_copy.int", pool.Random.Next(2) == 0 ? y : pool.B.Call("aten::unsqueeze_copy", y, 1), -1, -2);
        return pool.Random.Next(2) == 0 || !y.Spec.IsStatic ? Times(pool, y, 0.5) : pool.B.Call("aten::matmul", Times(pool, y, 0.5), Times(pool, pool.B.Call("aten::transpose_copy.int", y, -1, -2), 0.25));
    }
}
