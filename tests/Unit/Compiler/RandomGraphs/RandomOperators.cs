using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Tests.RandomGraphs;

/// <summary>Adds one operator, or a few that belong together, to a graph in the making.</summary>
internal static class RandomOperators
{
    private static readonly Action<ValuePool>[] Families =
    [
        Unary, Unary, UnaryWithNumbers, Binary, Binary, Binary, Scalar, Compare,
        RandomWrittenForms.Add, RandomWrittenForms.Add, RandomViews.Reshape, RandomViews.Permute, RandomViews.Cut, RandomViews.Join, RandomViews.Repeat, RandomViews.Pad, RandomViews.Reorder,
        RandomProducts.Linear, RandomProducts.Matrices, RandomProducts.Convolution, RandomProducts.Convolution, RandomProducts.Attention,
        RandomReductions.Reduce, RandomReductions.Reduce, RandomReductions.Normalize, RandomReductions.Pool, RandomReductions.Softmax, RandomReductions.Resize,
    ];

    /// <summary>Operators with the bound of their result, by the bound of their argument.</summary>
    private static readonly (string Op, Func<double, double> Bound)[] Unaries =
    [
        ("aten::relu", b => b), ("aten::sigmoid", _ => 1), ("aten::tanh", _ => 1), ("aten::neg", b => b), ("aten::abs", b => b), ("aten::gelu", b => b),
        ("aten::sin", _ => 1), ("aten::cos", _ => 1), ("aten::erf", _ => 1), ("aten::hardswish", b => b), ("aten::hardsigmoid", _ => 1), ("aten::silu", b => b),
        ("aten::relu6", _ => 6), ("aten::square", b => b * b), ("aten::clone", b => b), ("aten::atan", _ => 2), ("aten::softplus", b => b + 1), ("aten::mish", b => b),
    ];

    public static void Add(ValuePool pool) => Families[pool.Random.Next(Families.Length)](pool);

    private static void Unary(ValuePool pool)
    {
        var x = pool.Pick(_ => true)!;
        var (op, bound) = Unaries[pool.Random.Next(Unaries.Length)];
        pool.Add(pool.B.Call(op, x), bound(pool.Bound(x)), pool.IsExact(x) && op is "aten::relu" or "aten::neg" or "aten::abs" or "aten::clone");
    }

    private static void UnaryWithNumbers(ValuePool pool)
    {
        var x = pool.Pick(_ => true)!;
        var b = pool.B;
        double bound = pool.Bound(x);
        var (y, most) = pool.Random.Next(13) switch
        {
            0 => (b.Call("aten::gelu", x, "tanh"), bound),
            1 => (b.Call("aten::hardtanh", x, -0.5, 1.5), 1.5),
            2 => (b.Call("aten::clamp", x, -1, Argument.None), bound),
            3 => (b.Call("aten::clamp", x, Argument.None, 0.75), bound),
            4 => (b.Call("aten::leaky_relu", x, 0.2), bound),
            5 => (b.Call("aten::elu", x), bound + 1),
            6 => (b.Call("aten::pow.Tensor_Scalar", x, pool.Random.Next(2, 4)), bound * bound * bound),
            7 => (b.Call("aten::sqrt", b.Call("aten::add.Scalar", b.Call("aten::abs", x), 0.5)), bound + 1),
            8 => (b.Call("aten::rsqrt", b.Call("aten::add.Scalar", b.Call("aten::mul.Tensor", x, x), 0.5)), 2),
            9 => (b.Call("aten::log", b.Call("aten::add.Scalar", b.Call("aten::abs", x), 1)), bound),
            10 => (b.Call("aten::exp", b.Call("aten::clamp", x, -3, 1)), 3),
            11 => (b.Call("aten::reciprocal", b.Call("aten::clamp", x, 0.5, 5)), 2),
            _ => (b.Call("aten::prelu", b.Call("aten::unsqueeze_copy", x, x.Spec.Rank), b.Constant(Tensor.From<float>([0.3f], 1))), bound),
        };
        pool.Add(y, most);
    }

    private static void Scalar(ValuePool pool)
    {
        var x = pool.Pick(_ => true)!;
        double number = Math.Round((pool.Random.NextDouble() * 4) - 2, 2), bound = pool.Bound(x);
        var (y, most) = pool.Random.Next(6) switch
        {
            0 => (pool.B.Call("aten::add.Scalar", x, number), bound + 2),
            1 => (pool.B.Call("aten::sub.Scalar", x, number, 2), bound + 4),
            2 => (pool.B.Call("aten::div.Scalar", x, Math.Abs(number) + 0.5), bound * 2),
            3 => (pool.B.Call("aten::rsub.Scalar", x, number), bound + 2),
            4 => (pool.B.Call("aten::mul.Scalar", pool.B.Call("aten::mul.Scalar", x, number), 0.5), bound),
            _ => (pool.B.Call("aten::mul.Scalar", x, number), bound * 2),
        };
        pool.Add(y, most);
    }

    private static void Binary(ValuePool pool)
    {
        var x = pool.Pick(_ => true)!;
        var y = Other(pool, x);
        double a = pool.Bound(x), b = pool.Random.Next(2) == 0 ? a : 2;
        (x, y) = pool.Random.Next(2) == 0 ? (x, y) : (y, x);
        b = Math.Max(BoundOf(pool, x), BoundOf(pool, y));
        var (z, most) = pool.Random.Next(8) switch
        {
            0 => (pool.B.Call("aten::sub.Tensor", x, y), 2 * b),
            1 => (pool.B.Call("aten::mul.Tensor", x, y), b * b),
            2 => (pool.B.Call("aten::maximum", x, y), b),
            3 => (pool.B.Call("aten::minimum", x, y), b),
            4 => (pool.B.Call("aten::div.Tensor", x, pool.B.Call("aten::clamp", y, 0.5, 5)), 2 * b),
            5 => (pool.B.Call("aten::add.Tensor", x, y, 0.5), 2 * b),
            6 => (pool.B.Call("aten::relu", pool.B.Call("aten::add.Tensor", x, y)), 2 * b),
            _ => (pool.B.Call("aten::add.Tensor", x, y), 2 * b),
        };
        pool.Add(z, most);
    }

    // Numbers of the inputs themselves: a comparison has the same answer in every form of the graph.
    private static void Compare(ValuePool pool)
    {
        if (pool.Pick(pool.IsExact) is not { } x)
            return;
        var b = pool.B;
        if (pool.Random.Next(4) == 0)
        {
            pool.Add(b.Call(pool.Random.Next(2) == 0 ? "aten::floor" : "aten::ceil", x), 2);
            return;
        }
        if (pool.Random.Next(6) == 0 && pool.StaticDim(x) is >= 0 and var dim)
        {
            pool.AddNumbers(b.Call("aten::argmax", x, dim, false));
            return;
        }
        var y = Other(pool, x);
        var mask = b.Call(pool.Random.Next(2) == 0 ? "aten::gt.Scalar" : "aten::le.Scalar", x, 0.25);
        if (pool.Random.Next(3) == 0)
            mask = b.Call("aten::logical_not", mask);
        pool.Add(b.Call("aten::where.self", mask, y, x), Math.Max(BoundOf(pool, y), 2));
    }

    private static double BoundOf(ValuePool pool, Value value) => pool.B.ConstantOf(value) is null ? pool.Bound(value) : 2;

    /// <summary>A value or constant that broadcasts with another value.</summary>
    private static Value Other(ValuePool pool, Value x)
    {
        if (pool.Random.Next(3) > 0 && pool.Pick(v => Broadcasts(v, x)) is { } found)
            return found;
        var sizes = x.Spec.Sizes.Select(s => s.IsStatic && pool.Random.Next(3) > 0 ? (int)s.Value : 1).ToArray();
        return pool.Constant(1, sizes[pool.Random.Next(sizes.Length + 1)..]);
    }

    private static bool Broadcasts(Value a, Value b)
    {
        var (x, y) = (a.Spec.Sizes.Reverse().ToArray(), b.Spec.Sizes.Reverse().ToArray());
        return x.Zip(y).All(p => p.First == p.Second || p.First == (Dim)1 || p.Second == (Dim)1);
    }
}
