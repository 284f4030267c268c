using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Indexing;

/// <summary>Sliding windows of images, and sums of embeddings.</summary>
internal static class WindowDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor", ToColumns),
        One("aten::col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor", FromColumns),
        Many("aten::embedding_bag(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, int mode=0, bool sparse=False, Tensor? per_sample_weights=None, bool include_last_offset=False) -> (Tensor, Tensor, Tensor, Tensor)",
            (b, a) => Bag(b, a, -1)),
        Many("aten::embedding_bag.padding_idx(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode, bool sparse, Tensor? per_sample_weights, bool include_last_offset, int? padding_idx) -> (Tensor, Tensor, Tensor, Tensor)",
            (b, a) => Bag(b, a, a[8].IsNone ? -1 : a[8].AsInt())),
    ];

    private static Value ToColumns(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        bool batched = x.Spec.Rank == 4;
        if (!batched)
            x = b.Unsqueeze(x, 0);
        long[] kernel = a[1].AsInts(), dilation = a[2].AsInts(), padding = a[3].AsInts(), stride = a[4].AsInts();
        if (padding.Any(p => p > 0))
            x = b.Call1("aten::constant_pad_nd", x, (long[])[padding[1], padding[1], padding[0], padding[0]], 0);
        long rows = Count(x.Spec.Sizes[2].Value, kernel[0], dilation[0], stride[0]), columns = Count(x.Spec.Sizes[3].Value, kernel[1], dilation[1], stride[1]);
        var parts = new List<Value>();
        for (long i = 0; i < kernel[0]; i++)
            for (long j = 0; j < kernel[1]; j++)
            {
                var part = b.Slice(x, 2, i * dilation[0], (i * dilation[0]) + ((rows - 1) * stride[0]) + 1, stride[0]);
                parts.Add(b.Slice(part, 3, j * dilation[1], (j * dilation[1]) + ((columns - 1) * stride[1]) + 1, stride[1]));
            }
        var result = b.View(b.Stack(parts, 2), b.SizeOf(x, 0), x.Spec.Sizes[1].Value * kernel[0] * kernel[1], rows * columns);
        return batched ? result : b.Squeeze(result, 0);
    }

    private static Value FromColumns(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        bool batched = x.Spec.Rank == 3;
        if (!batched)
            x = b.Unsqueeze(x, 0);
        long[] size = a[1].AsInts(), kernel = a[2].AsInts(), dilation = a[3].AsInts(), padding = a[4].AsInts(), stride = a[5].AsInts();
        long high = size[0] + (2 * padding[0]), wide = size[1] + (2 * padding[1]);
        long rows = Count(high, kernel[0], dilation[0], stride[0]), columns = Count(wide, kernel[1], dilation[1], stride[1]);
        long channels = x.Spec.Sizes[1].Value / (kernel[0] * kernel[1]);
        var split = b.View(x, b.SizeOf(x, 0), channels, kernel[0] * kernel[1], rows, columns);
        Value? sum = null;
        for (long i = 0; i < kernel[0]; i++)
            for (long j = 0; j < kernel[1]; j++)
            {
                var part = Spread(b, Spread(b, b.Select(split, 2, (i * kernel[1]) + j), 2, stride[0]), 3, stride[1]);
                long top = i * dilation[0], left = j * dilation[1];
                part = b.Call1("aten::constant_pad_nd", part, (long[])[left, wide - left - part.Spec.Sizes[3].Value, top, high - top - part.Spec.Sizes[2].Value], 0);
                sum = sum is null ? part : b.Add(sum, part);
            }
        var result = b.Slice(b.Slice(sum!, 2, padding[0], padding[0] + size[0]), 3, padding[1], padding[1] + size[1]);
        return batched ? result : b.Squeeze(result, 0);
    }

    /// <summary>Puts stride - 1 zeros between neighbours.</summary>
    private static Value Spread(IGraphBuilder b, Value x, int dim, long stride)
    {
        if (stride == 1)
            return x;
        long n = x.Spec.Sizes[dim].Value;
        var sizes = b.Sizes(x);
        sizes[dim] = n * stride;
        var padded = b.Call1("aten::constant_pad_nd", b.Unsqueeze(x, dim + 1), JoinDecompositions.Pad(x.Spec.Rank + 1, dim + 1, 0, stride - 1), 0);
        return b.Slice(b.View(padded, sizes), dim, 0, ((n - 1) * stride) + 1);
    }

    private static long Count(long size, long kernel, long dilation, long stride) => ((size - (dilation * (kernel - 1)) - 1) / stride) + 1;

    /// <summary>Sum (0), mean (1) or maximum (2) of the rows of each bag.</summary>
    private static Value[] Bag(IGraphBuilder b, IReadOnlyList<Argument> a, long padding)
    {
        var (weight, indices, offsets) = (a[0].AsValue(), a[1].AsValue(), b.Cast(a[2].AsValue(), ScalarType.Long));
        int count = (int)indices.Spec.Sizes[0].Value;
        long mode = a[4].AsInt();
        if (a[7].AsBool())
            offsets = b.Slice(offsets, 0, 0, -1);
        int bags = (int)offsets.Spec.Sizes[0].Value;
        var positions = b.Constant(Constants.Longs([.. Enumerable.Range(0, count).Select(i => (long)i)]));
        var bag = b.Sub(b.Sum(b.Le(b.Unsqueeze(offsets, 0), b.Unsqueeze(positions, 1)), [1]), 1);
        var numbers = b.Constant(Constants.Longs([bags, 1], [.. Enumerable.Range(0, bags).Select(i => (long)i)]));
        var member = b.Eq(b.Unsqueeze(bag, 0), numbers);
        if (padding != -1)
            member = b.And(member, b.Unsqueeze(b.Ne(indices, padding < 0 ? padding + weight.Spec.Sizes[0].Value : padding), 0));
        var rows = b.Call1("aten::embedding", weight, b.Cast(indices, ScalarType.Long));
        if (!a[6].IsNone)
            rows = b.Mul(rows, b.Unsqueeze(a[6].AsValue(), 1));
        var sizes = b.Sum(member, [1]);
        Value result;
        if (mode == 2)
        {
            var each = b.Where(b.Unsqueeze(member, 2), b.Unsqueeze(rows, 0), b.Constant(Constants.Filled(weight.Spec.Type, [], double.NegativeInfinity)));
            result = b.Where(b.Eq(b.Unsqueeze(sizes, 1), 0), b.Constant(Constants.Filled(weight.Spec.Type, [], 0)), b.Amax(each, [1]));
        }
        else
        {
            result = b.Mm(b.Cast(member, weight.Spec.Type), rows);
            if (mode == 1)
                result = b.Div(result, b.Unsqueeze(b.Clamp(sizes, 1, Argument.None), 1));
        }
        return [result, bag, sizes, offsets];
    }
}
