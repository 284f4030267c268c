using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Pooling;

/// <summary>Maximum and average pooling in one to three dimensions, on the two-dimensional pooling that the runtime has.</summary>
internal static class PoolingDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::max_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, int[1] dilation=1, bool ceil_mode=False) -> Tensor", (b, a) => Max1d(b, a)[0]),
        Many("aten::max_pool1d_with_indices(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, int[1] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)", Max1d),
        One("aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> Tensor",
            (b, a) => b.CallMany("aten::max_pool2d_with_indices", [.. a])[0]),
        One("aten::max_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, bool ceil_mode=False) -> Tensor", (b, a) => Max3d(b, a)[0]),
        Many("aten::max_pool3d_with_indices(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)", Max3d),
        One("aten::avg_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, bool ceil_mode=False, bool count_include_pad=True) -> Tensor", Average1d),
        One("aten::avg_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor", Average3d),
        One("aten::max_unpool2d(Tensor self, Tensor indices, SymInt[2] output_size) -> Tensor", (b, a) => Unpool(b, a[0].AsValue(), a[1].AsValue(), a[2].AsInts())),
        One("aten::max_unpool3d(Tensor self, Tensor indices, SymInt[3] output_size, int[3] stride, int[3] padding) -> Tensor", (b, a) => Unpool(b, a[0].AsValue(), a[1].AsValue(), a[2].AsInts())),
    ];

    private static Value Unpool(IGraphBuilder b, Value x, Value indices, long[] size)
    {
        var lead = b.Sizes(x)[..^size.Length];
        var flat = b.View(x, [.. lead, -1]);
        var empty = b.Call1("aten::full", (Argument[])[.. lead, size.Aggregate(1L, (n, s) => n * s)], 0, x.Spec.Type);
        return b.View(b.Call1("aten::scatter.src", empty, lead.Length, b.View(indices, [.. lead, -1]), flat), [.. lead, .. size.Select(s => (Argument)s)]);
    }

    private static Value[] Max1d(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var results = b.CallMany("aten::max_pool2d_with_indices", b.Unsqueeze(a[0].AsValue(), -2), Row(a[1], 1), Row(Stride(a), 1), Row(a[3], 0), Row(a[4], 1), a[5]);
        return [b.Squeeze(results[0], -2), b.Squeeze(results[1], -2)];
    }

    private static Value Average1d(IGraphBuilder b, IReadOnlyList<Argument> a) =>
        b.Squeeze(b.Call1("aten::avg_pool2d", b.Unsqueeze(a[0].AsValue(), -2), Row(a[1], 1), Row(Stride(a), 1), Row(a[3], 0), a[4], a[5], Argument.None), -2);

    /// <summary>The maximum over planes, then over depth. Ties go to the first place in depth, row, column order, as in the direct form.</summary>
    private static Value[] Max3d(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (kernel, stride, padding, dilation) = (Three(a[1]), Three(Stride(a)), Three(a[3]), Three(a[4]));
        var x = Planes(b, a[0].AsValue(), out var shape);
        var planes = b.CallMany("aten::max_pool2d_with_indices", x, kernel[1..], stride[1..], padding[1..], dilation[1..], a[5]);
        var (values, depthShape) = Columns(b, planes[0], shape);
        var deep = b.CallMany("aten::max_pool2d_with_indices", values, Depth(kernel, 1), Depth(stride, 1), Depth(padding, 0), Depth(dilation, 1), a[5]);
        long area = values.Spec.Sizes[3].Value, plane = shape[^1].AsInt() * shape[^2].AsInt();
        var result = Finish(b, deep[0], planes[0], shape);
        var flat = b.View(planes[1], depthShape[0], depthShape[1], -1);
        var chosen = b.View(deep[1], depthShape[0], depthShape[1], -1);
        var place = b.Call1("aten::gather", flat, 2, chosen);
        var index = b.Add(b.Mul(b.FloorDiv(chosen, area), plane), place);
        return [result, b.View(index, b.Sizes(result))];
    }

    /// <summary>Means of means: the divisor of a window is the product of its extents, so each dimension can be averaged alone.</summary>
    private static Value Average3d(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (kernel, stride, padding) = (Three(a[1]), Three(Stride(a)), Three(a[3]));
        var divisor = a[6].IsNone ? Argument.None : 1;
        var x = Planes(b, a[0].AsValue(), out var shape);
        var planes = b.Call1("aten::avg_pool2d", x, kernel[1..], stride[1..], padding[1..], a[4], a[5], divisor);
        var (values, _) = Columns(b, planes, shape);
        var deep = b.Call1("aten::avg_pool2d", values, Depth(kernel, 1), Depth(stride, 1), Depth(padding, 0), a[4], a[5], divisor);
        var result = Finish(b, deep, planes, shape);
        return a[6].IsNone ? result : b.Div(result, a[6]);
    }

    /// <summary>[N, C, D, H, W] or [C, D, H, W] as [N, C * D, H, W].</summary>
    private static Value Planes(IGraphBuilder b, Value x, out Argument[] shape)
    {
        shape = b.Sizes(x);
        return b.View(x, x.Spec.Rank == 5 ? shape[0] : 1, Numbers.Mul(b, shape[^4], shape[^3]), shape[^2], shape[^1]);
    }

    /// <summary>The pooled planes as [N, C, D, H' * W'].</summary>
    private static (Value Values, Argument[] Shape) Columns(IGraphBuilder b, Value planes, Argument[] shape)
    {
        Argument[] columns = [shape.Length == 5 ? shape[0] : 1, shape[^4], shape[^3], planes.Spec.Sizes[^2].Value * planes.Spec.Sizes[^1].Value];
        return (b.View(planes, columns), columns);
    }

    private static Value Finish(IGraphBuilder b, Value deep, Value planes, Argument[] shape) =>
        b.View(deep, [.. shape[..^3], b.SizeOf(deep, 2), b.SizeOf(planes, -2), b.SizeOf(planes, -1)]);

    private static Argument Stride(IReadOnlyList<Argument> a) => a[2].IsList && a[2].AsList().Count == 0 ? a[1] : a[2];

    private static long[] Row(Argument one, long other) => [other, one.IsList ? one.AsInts()[0] : one.AsInt()];

    private static long[] Depth(long[] three, long other) => [three[0], other];

    private static long[] Three(Argument argument) => argument.AsInts() is { Length: 3 } all ? all : [.. Enumerable.Repeat(argument.AsInts()[0], 3)];
}
