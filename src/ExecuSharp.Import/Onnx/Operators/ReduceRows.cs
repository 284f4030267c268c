using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Reductions. Axes are an attribute, and an input from opset 18 (ReduceSum from 13).</summary>
internal static class ReduceRows
{
    private delegate Value Reduction(Aten a, Value x, long[] axes, bool keep);

    public static IEnumerable<OnnxOperator> Rows =>
    [
        Row("ReduceSum", (a, x, axes, keep) => a.Sum(x, axes, keep), 0, 13),
        Row("ReduceMean", Mean, double.NaN),
        Row("ReduceMax", Max, double.NegativeInfinity),
        Row("ReduceMin", Min, double.PositiveInfinity),
        Row("ReduceProd", Product, 1),
        Row("ReduceL1", (a, x, axes, keep) => a.Sum(a.Abs(x), axes, keep), 0),
        Row("ReduceL2", (a, x, axes, keep) => InFloat(a, x, f => a.Sqrt(a.Sum(a.Mul(f, f), axes, keep))), 0),
        Row("ReduceSumSquare", (a, x, axes, keep) => a.Sum(a.Mul(x, x), axes, keep), 0),
        Row("ReduceLogSum", (a, x, axes, keep) => InFloat(a, x, f => a.Log(a.Sum(f, axes, keep))), double.NegativeInfinity),
        Row("ReduceLogSumExp", (a, x, axes, keep) => InFloat(a, x, f => LogSumExp(a, f, axes, keep)), double.NegativeInfinity),
        new("ArgMax", 1, n => Arg(n, "aten::argmax")),
        new("ArgMin", 1, n => Arg(n, "aten::argmin")),
    ];

    private static OnnxOperator Row(string name, Reduction reduce, double ofNothing, int axesAreInputSince = 18) => new(name,
        (1, n => [n.Same(Apply(n, reduce, n.Ints("axes"), ofNothing))]),
        (axesAreInputSince, n => [n.Same(Apply(n, reduce, n.OptLongs(1, "axes"), ofNothing))]));

    private static Value Apply(OnnxNode n, Reduction reduce, long[]? given, double ofNothing)
    {
        var x = n.X;
        int rank = x.Spec.Rank;
        bool keep = n.Flag("keepdims", true);
        if (given is null or { Length: 0 })
        {
            if (n.Flag("noop_with_empty_axes"))
                return reduce(n.Aten, x, [], true);
            given = [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        }
        long[] axes = [.. n.Axes(given, rank).Distinct().Order().Select(i => (long)i)];
        if (axes.Any(d => x.Spec.Sizes[d].Value == 0))
            return n.Aten.Full(x.Spec.Type == ScalarType.Bool ? (ofNothing > 0 ? 1 : 0) : ofNothing, x.Spec.Type, Reduced(x, axes, keep));
        return reduce(n.Aten, x, axes, keep);
    }

    private static long[] Reduced(Value x, long[] axes, bool keep) =>
        [.. Aten.Sizes(x).Select((s, i) => axes.Contains(i) ? (keep ? 1 : -1) : s).Where(s => s >= 0)];

    private static Value Mean(Aten a, Value x, long[] axes, bool keep) => x.Spec.Type.IsFloating() ? a.Mean(x, axes, keep)
        : a.DivTrunc(a.Sum(x, axes, keep), a.Number(axes.Aggregate(1L, (p, d) => p * x.Spec.Sizes[d].Value), x));

    private static Value Max(Aten a, Value x, long[] axes, bool keep) => x.Spec.Type == ScalarType.Bool
        ? a.Cast(a.Amax(a.Cast(x, ScalarType.Byte), axes, keep), ScalarType.Bool) : a.Amax(x, axes, keep);

    private static Value Min(Aten a, Value x, long[] axes, bool keep) => x.Spec.Type == ScalarType.Bool
        ? a.Cast(a.Amin(a.Cast(x, ScalarType.Byte), axes, keep), ScalarType.Bool) : a.Amin(x, axes, keep);

    private static Value Product(Aten a, Value x, long[] axes, bool keep)
    {
        foreach (long axis in axes.Reverse())
            x = a.Call("aten::prod.dim_int", x, axis, keep, x.Spec.Type);
        return x;
    }

    private static Value InFloat(Aten a, Value x, Func<Value, Value> reduce) => x.Spec.Type.IsFloating() ? reduce(x)
        : a.Cast(reduce(a.Cast(x, ScalarType.Double)), x.Spec.Type);

    private static Value LogSumExp(Aten a, Value x, long[] axes, bool keep)
    {
        if (axes.Length == 0)
            return x;
        var max = a.Amax(x, axes, true);
        max = a.Where(a.Call("aten::isinf", max), 0, max);
        var sum = a.Log(a.Sum(a.Exp(a.Sub(x, max)), axes, keep));
        return a.Add(sum, keep ? max : a.Squeeze(max, axes));
    }

    private static OnnxValue?[] Arg(OnnxNode n, string op)
    {
        var x = n.X;
        int axis = n.Axis(n.Int("axis", 0), x.Spec.Rank);
        bool keep = n.Flag("keepdims", true);
        if (!n.Flag("select_last_index"))
            return [OnnxNode.As(n.Aten.Call(op, x, axis, keep), OnnxDataType.Int64)];
        var flipped = n.Aten.Call(op, n.Aten.Flip(x, axis), axis, keep);
        return [OnnxNode.As(n.Aten.Sub(n.Aten.Number(x.Spec.Sizes[axis].Value - 1, ScalarType.Long), flipped), OnnxDataType.Int64)];
    }
}
