using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Pooling;

/// <summary>Pooling to given output sizes.</summary>
internal static class AdaptivePoolingDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::adaptive_avg_pool1d(Tensor self, int[1] output_size) -> Tensor", (b, a) => Average(b, a[0].AsValue(), a[1].AsInts())),
        One("aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor", (b, a) => Average(b, a[0].AsValue(), a[1].AsInts())),
        One("aten::adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor", (b, a) => Average(b, a[0].AsValue(), a[1].AsInts())),
        One("aten::_adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor", (b, a) => Average(b, a[0].AsValue(), a[1].AsInts())),
        Many("aten::adaptive_max_pool1d(Tensor self, int[1] output_size) -> (Tensor, Tensor)", (b, a) => Max(b, a[0].AsValue(), a[1].AsInts())),
        Many("aten::adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)", (b, a) => Max(b, a[0].AsValue(), a[1].AsInts())),
        Many("aten::adaptive_max_pool3d(Tensor self, int[3] output_size) -> (Tensor, Tensor)", (b, a) => Max(b, a[0].AsValue(), a[1].AsInts())),
    ];

    private static Value Average(IGraphBuilder b, Value x, long[] sizes)
    {
        int n = sizes.Length, rank = x.Spec.Rank;
        if (sizes.All(s => s == 1))
            return b.Mean(x, [.. Enumerable.Range(1, n).Reverse().Select(d => -(long)d)], keepDim: true);
        switch (n)
        {
            case 1:
                return b.Squeeze(b.Call1("aten::_adaptive_avg_pool2d", b.Unsqueeze(x, -2), (long[])[1, sizes[0]]), -2);
            case 2:
                return b.Call1("aten::_adaptive_avg_pool2d", x, sizes);
            default:
                var shape = b.Sizes(x);
                var batch = rank == 5 ? shape[0] : 1;
                var planes = b.Call1("aten::_adaptive_avg_pool2d", b.View(x, batch, Numbers.Mul(b, shape[^4], shape[^3]), shape[^2], shape[^1]), sizes[1..]);
                var columns = b.View(planes, batch, shape[^4], shape[^3], sizes[1] * sizes[2]);
                var deep = b.Call1("aten::_adaptive_avg_pool2d", columns, (long[])[sizes[0], sizes[1] * sizes[2]]);
                return b.View(deep, [.. shape[..^3], sizes[0], sizes[1], sizes[2]]);
        }
    }

    /// <summary>One dimension after the other, the last first; the place in the window goes along.</summary>
    private static Value[] Max(IGraphBuilder b, Value x, long[] sizes)
    {
        int first = x.Spec.Rank - sizes.Length;
        var values = x;
        Value? places = null;
        long stride = 1;
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            int dim = first + i;
            long size = x.Spec.Sizes[dim].Value;
            if (sizes[i] == 0)
                throw Unsupported("adaptive pooling to no elements");
            var parts = new List<Value>();
            var indices = new List<Value>();
            for (long o = 0; o < sizes[i]; o++)
            {
                long start = o * size / sizes[i], end = (((o + 1) * size) + sizes[i] - 1) / sizes[i];
                var best = b.CallMany("aten::max.dim", b.Slice(values, dim, start, end), dim, true);
                parts.Add(best[0]);
                var place = b.Mul(b.Add(best[1], start), stride);
                indices.Add(places is null ? place : b.Add(place, b.Call1("aten::gather", b.Slice(places, dim, start, end), dim, best[1])));
            }
            values = b.Cat(parts, dim);
            places = b.Cat(indices, dim);
            stride *= size;
        }
        return [values, places!];
    }
}
