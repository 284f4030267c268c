using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Indexing;

/// <summary>Scattered writes that combine values: each target compares its place with all indices.</summary>
internal static class ScatterDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor",
            (b, a) => Reduce(b, a[0].AsValue(), a[1].AsInt(), a[2].AsValue(), a[3].AsValue(), a[4].AsString() == "add" ? "sum" : "prod", true)),
        One("aten::scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor",
            (b, a) => Reduce(b, a[0].AsValue(), a[1].AsInt(), a[2].AsValue(), b.FullLike(a[2].AsValue(), a[3], a[0].AsSpec().Type), a[4].AsString() == "add" ? "sum" : "prod", true)),
        One("aten::scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor",
            (b, a) => Reduce(b, a[0].AsValue(), a[1].AsInt(), a[2].AsValue(), a[3].AsValue(), a[4].AsString(), a[5].AsBool())),
        One("aten::index_reduce(Tensor self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor", IndexReduce),
    ];

    private static Value IndexReduce(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, source) = (a[0].AsValue(), a[3].AsValue());
        if (x.Spec.Rank == 0)
            return Reduce(b, x, 0, b.View(a[2].AsValue(), []), b.View(source, []), a[4].AsString(), a[5].AsBool());
        int dim = Layouts.Wrap(x, a[1].AsInt());
        var shape = Enumerable.Repeat((Argument)1, x.Spec.Rank).ToArray();
        shape[dim] = source.Spec.Sizes[dim].Value;
        return Reduce(b, x, dim, b.Expand(b.View(a[2].AsValue(), shape), b.Sizes(source)), source, a[4].AsString(), a[5].AsBool());
    }

    private static Value Reduce(IGraphBuilder b, Value x, long dim, Value index, Value source, string reduce, bool includeSelf)
    {
        bool scalar = x.Spec.Rank == 0;
        if (scalar)
            (x, index, source) = (b.View(x, (Argument)1), b.View(index, (Argument)(-1)), b.View(source, (Argument)(-1)));
        int d = Layouts.Wrap(x, dim);
        if (index.Spec.MaxNumel == 0)
            return scalar ? b.Squeeze(x, 0) : x;
        source = Cut(b, source, index, -1);
        var part = Cut(b, x, index, d);
        var combined = Combine(b, part, d, index, source, reduce, includeSelf);
        var result = part == x ? combined : PutBack(b, x, combined, d);
        return scalar ? b.Squeeze(result, 0) : result;
    }

    /// <summary>The leading part of each dimension that the index covers.</summary>
    private static Value Cut(IGraphBuilder b, Value x, Value index, int except)
    {
        for (int d = 0; d < x.Spec.Rank; d++)
            if (d != except)
                x = b.Slice(x, d, 0, index.Spec.Sizes[d].Value);
        return x;
    }

    private static Value PutBack(IGraphBuilder b, Value x, Value part, int except)
    {
        for (int d = x.Spec.Rank - 1; d >= 0; d--)
        {
            if (d == except || part.Spec.Sizes[d].Value == x.Spec.Sizes[d].Value)
                continue;
            var rest = x;
            for (int e = 0; e < d; e++)
                if (e != except)
                    rest = b.Slice(rest, e, 0, part.Spec.Sizes[e].Value);
            part = b.Cat([part, b.Slice(rest, d, part.Spec.Sizes[d].Value, long.MaxValue)], d);
        }
        return part;
    }

    private static Value Combine(IGraphBuilder b, Value x, int dim, Value index, Value source, string reduce, bool includeSelf)
    {
        // [.., targets, sources]: true where the source goes to the target
        var places = b.Constant(Constants.Longs([.. Enumerable.Range(0, (int)x.Spec.Sizes[dim].Value).Select(i => (long)i)]));
        var hits = b.Eq(b.Unsqueeze(Last(b, index, dim), -2), b.View(places, -1, 1));
        var values = b.Unsqueeze(Last(b, source, dim), -2);
        var self = Last(b, x, dim);
        var any = b.Call1("aten::any.dim", hits, -1, false);
        var type = x.Spec.Type;
        Value Chosen(double otherwise) => b.Where(hits, values, b.Constant(Constants.Filled(type, [], otherwise)));
        Value result;
        switch (reduce)
        {
            case "sum" or "mean":
                var sum = b.Cast(b.Sum(Chosen(0), [-1]), type);
                var count = b.Sum(hits, [-1]);
                result = includeSelf ? b.Add(self, sum) : b.Where(any, sum, self);
                if (reduce == "mean")
                {
                    var n = includeSelf ? b.Add(count, 1) : b.Clamp(count, 1, Argument.None);
                    result = type.IsFloating() ? b.Div(result, n) : b.FloorDiv(result, b.Cast(n, type));
                }
                break;
            case "prod":
                var product = b.Cast(b.Call1("aten::prod.dim_int", Chosen(1), -1, false, Argument.None), type);
                result = includeSelf ? b.Mul(self, product) : b.Where(any, product, self);
                break;
            default:
                bool max = reduce == "amax";
                var extreme = max ? b.Amax(Chosen(Lowest(type)), [-1]) : b.Amin(Chosen(Highest(type)), [-1]);
                result = includeSelf ? (max ? b.Maximum(self, extreme) : b.Minimum(self, extreme)) : extreme;
                result = b.Where(any, result, self);
                break;
        }
        return Back(b, result, dim);
    }

    private static Value Last(IGraphBuilder b, Value x, int dim) => b.Permute(x, [.. Enumerable.Range(0, x.Spec.Rank).Where(d => d != dim), dim]);

    private static Value Back(IGraphBuilder b, Value x, int dim)
    {
        int last = x.Spec.Rank - 1;
        return b.Permute(x, [.. Enumerable.Range(0, dim), last, .. Enumerable.Range(dim, last - dim)]);
    }

    private static double Lowest(ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Bool => 0,
        ScalarType.Char => sbyte.MinValue,
        ScalarType.Short => short.MinValue,
        ScalarType.Int => int.MinValue,
        ScalarType.Long => long.MinValue,
        _ => double.NegativeInfinity,
    };

    private static double Highest(ScalarType type) => type switch
    {
        ScalarType.Byte => byte.MaxValue,
        ScalarType.Bool => 1,
        ScalarType.Char => sbyte.MaxValue,
        ScalarType.Short => short.MaxValue,
        ScalarType.Int => int.MaxValue,
        // the largest long below 2^63 that a double can hold
        ScalarType.Long => 9223372036854774784,
        _ => double.PositiveInfinity,
    };
}
