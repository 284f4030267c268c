using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Gathers, scatters, and what is made of them.</summary>
internal static class IndexRows
{
    private const int MaxSequentialUpdates = 256;

    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("Gather", 1, Gather),
        new("GatherElements", 11, GatherElements),
        new("GatherND", 11, GatherND),
        new("Scatter", 9, ScatterElements),
        new("ScatterElements", 11, ScatterElements),
        new("ScatterND", 11, ScatterND),
        new("OneHot", 9, n => [OneHot(n)]),
        new("TopK", (1, n => TopK(n, n.Int("k", 0), true)), (10, n => TopK(n, n.Longs(1, "k")[0], true)), (11, n => TopK(n, n.Longs(1, "k")[0], n.Flag("largest", true)))),
        new("CumSum", 11, n => CumSum(n)),
        new("CumProd", 26, n => CumProd(n)),
        new("TensorScatter", 24, TensorScatter),
    ];

    /// <summary>Indices counted from the end become positive.</summary>
    public static Value Positive(Aten a, Value index, long size)
    {
        index = a.Cast(index, ScalarType.Long);
        if (a.ConstantOf(index) is { } known && !Values.Longs(known).Any(i => i < 0))
            return index;
        return a.Where(a.Lt(index, 0), a.Add(index, size), index);
    }

    private static Value Gather(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        int axis = n.Axis(n.Int("axis", 0), x.Spec.Rank);
        var index = Positive(a, n.In(1), x.Spec.Sizes[axis].Value);
        if (a.ConstantOf(index) is { } known && Values.Longs(known).Any(i => i < 0 || i >= x.Spec.Sizes[axis].Value))
            throw n.Bad($"indices below {x.Spec.Sizes[axis]}", string.Join(", ", Values.Longs(known)));
        if (index.Spec.Rank == 0 && a.ConstantOf(index) is { } one)
            return a.Select(x, axis, one.Span<long>()[0]);
        if (axis == 0 && x.Spec.Rank == 2 && index.Spec.Rank > 0 && x.Spec.Type.IsFloating())
            return a.Call("aten::embedding", x, index);
        var flat = a.View(index, [Aten.Product(index.Spec.Sizes)]);
        return a.View(a.IndexSelect(x, axis, flat), [.. x.Spec.Sizes[..axis], .. index.Spec.Sizes, .. x.Spec.Sizes[(axis + 1)..]]);
    }

    private static Value GatherElements(OnnxNode n)
    {
        int axis = n.Axis(n.Int("axis", 0), n.Rank());
        return n.Aten.Call("aten::gather", n.X, axis, Positive(n.Aten, n.In(1), n.X.Spec.Sizes[axis].Value));
    }

    /// <summary>The coordinates in the last dimension of an index tensor, one tensor for each.</summary>
    private static Value[] Coordinates(Aten a, Value x, Value index, int first)
    {
        int count = (int)index.Spec.Sizes[^1].Value, last = index.Spec.Rank - 1;
        return [.. Enumerable.Range(0, count).Select(k => Positive(a, a.Select(index, last, k), x.Spec.Sizes[first + k].Value))];
    }

    private static Value GatherND(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        int batch = (int)n.Int("batch_dims", 0);
        var parts = new List<Value>();
        for (int d = 0; d < batch; d++)
        {
            long[] sizes = Aten.Sizes(n.In(1))[..^1];
            long[] shape = [.. Enumerable.Repeat(1L, sizes.Length)];
            shape[d] = sizes[d];
            parts.Add(a.Expand(a.View(a.Constant(Aten.Indices(sizes[d])), shape), sizes));
        }
        parts.AddRange(Coordinates(a, x, n.In(1), batch));
        return a.Call("aten::index.Tensor", x, parts.ToArray());
    }

    private static Func<Aten, Value, Value, Value>? Reduction(OnnxNode n) => n.Text("reduction", "none") switch
    {
        "none" => null,
        "add" => (a, old, update) => a.Add(old, update),
        "mul" => (a, old, update) => a.Mul(old, update),
        "max" => (a, old, update) => a.Max(old, update),
        "min" => (a, old, update) => a.Min(old, update),
        var other => throw n.Bad("reduction none, add, mul, max or min", other),
    };

    private static Value ScatterElements(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        int axis = n.Axis(n.Int("axis", 0), x.Spec.Rank);
        var index = Positive(a, n.In(1), x.Spec.Sizes[axis].Value);
        var updates = n.In(2);
        var reduce = Reduction(n);
        if (reduce is null)
            return a.Call("aten::scatter.src", x, axis, index, updates);
        if (n.Text("reduction", "none") == "add")
            return a.Call("aten::scatter_add", x, axis, index, updates);
        // Positions along the axis one after the other: within one, every update has a target of its own.
        long count = index.Spec.Sizes[axis].Value;
        if (count > MaxSequentialUpdates)
            throw n.Unsupported($"reduction {n.Text("reduction", "")} over {count} updates; at most {MaxSequentialUpdates}");
        for (long j = 0; j < count; j++)
        {
            var at = a.Slice(index, axis, j, j + 1);
            x = a.Call("aten::scatter.src", x, axis, at, reduce(a, a.Call("aten::gather", x, axis, at), a.Slice(updates, axis, j, j + 1)));
        }
        return x;
    }

    private static Value ScatterND(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        var parts = Coordinates(a, x, n.In(1), 0);
        var updates = n.In(2);
        var reduce = Reduction(n);
        if (reduce is null)
            return a.Call("aten::index_put", x, parts, updates, false);
        if (n.Text("reduction", "none") == "add")
            return a.Call("aten::index_put", x, parts, updates, true);
        long[] sizes = Aten.Sizes(parts[0]);
        long count = sizes.Aggregate(1L, (p, s) => p * s);
        if (count > MaxSequentialUpdates)
            throw n.Unsupported($"reduction {n.Text("reduction", "")} over {count} updates; at most {MaxSequentialUpdates}");
        var flat = Array.ConvertAll(parts, p => a.View(p, count));
        var rows = a.View(updates, [count, .. Aten.Sizes(updates)[sizes.Length..]]);
        for (long j = 0; j < count; j++)
        {
            var at = Array.ConvertAll(flat, p => a.Slice(p, 0, j, j + 1));
            x = a.Call("aten::index_put", x, at, reduce(a, a.Call("aten::index.Tensor", x, at), a.Slice(rows, 0, j, j + 1)), false);
        }
        return x;
    }

    private static OnnxValue OneHot(OnnxNode n)
    {
        var a = n.Aten;
        long depth = n.Longs(1, "the depth")[0];
        if (depth is < 0 or > 1 << 24)
            throw n.Bad("a depth of 0 to 2^24", $"{depth}");
        var index = Positive(a, n.X, depth);
        int axis = n.Axis(n.Int("axis", -1), index.Spec.Rank + 1);
        long[] shape = [.. Enumerable.Repeat(1L, index.Spec.Rank + 1)];
        shape[axis] = depth;
        var hot = a.Eq(a.Unsqueeze(index, axis), a.View(a.Constant(Aten.Indices(depth)), shape));
        var values = n.In(2);
        return OnnxNode.As(a.Where(hot, a.Select(values, 0, 1), a.Select(values, 0, 0)), n.Type(2));
    }

    private static OnnxValue?[] TopK(OnnxNode n, long k, bool largest)
    {
        int axis = n.Axis(n.Int("axis", -1), n.Rank());
        var (values, indices) = Ordered.TopK(n.Aten, n.X, axis, k, largest);
        return [n.Same(values), OnnxNode.As(indices, OnnxDataType.Int64)];
    }

    private static Value CumSum(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        int axis = n.Axis(n.Longs(1, "the axis")[0], x.Spec.Rank);
        return Running(n, x, axis, 0, v => a.Call("aten::cumsum", v, axis, v.Spec.Type));
    }

    private static Value CumProd(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        int axis = n.Axis(n.Longs(1, "the axis")[0], x.Spec.Rank);
        long size = Aten.Sizes(x)[axis];
        if (size > MaxSequentialUpdates)
            throw n.Unsupported($"a running product over {size} elements; at most {MaxSequentialUpdates}");
        return Running(n, x, axis, 1, v =>
        {
            var parts = new List<Value>();
            for (long i = 0; i < size; i++)
                parts.Add(i == 0 ? a.Slice(v, axis, 0, 1) : a.Mul(parts[^1], a.Slice(v, axis, i, i + 1)));
            return a.Cat(axis, [.. parts]);
        });
    }

    private static Value Running(OnnxNode n, Value x, int axis, double neutral, Func<Value, Value> run)
    {
        var a = n.Aten;
        bool reverse = n.Flag("reverse");
        if (reverse)
            x = a.Flip(x, axis);
        if (n.Flag("exclusive"))
        {
            long[] before = new long[x.Spec.Rank], after = new long[x.Spec.Rank];
            before[axis] = 1;
            x = a.Pad(a.Slice(x, axis, 0, Aten.Sizes(x)[axis] - 1), before, after, neutral);
        }
        x = run(x);
        return reverse ? a.Flip(x, axis) : x;
    }

    private static Value TensorScatter(OnnxNode n)
    {
        var a = n.Aten;
        Value past = n.X, update = n.In(1);
        int axis = n.Axis(n.Int("axis", -2), past.Spec.Rank);
        long[] sizes = Aten.Sizes(update);
        long max = Aten.Sizes(past)[axis];
        long[] batch = [.. Enumerable.Repeat(1L, sizes.Length)], along = [.. batch];
        batch[0] = sizes[0];
        along[axis] = sizes[axis];
        var start = n.Opt(2) is { } w ? a.View(a.Cast(w, ScalarType.Long), batch) : a.Longs([0], [.. batch.Select(_ => 1)]);
        var position = a.Add(start, a.View(a.Constant(Aten.Indices(sizes[axis])), along));
        if (n.Text("mode", "linear") == "circular")
            position = a.Remainder(position, a.Number(max, ScalarType.Long));
        return a.Call("aten::scatter.src", past, axis, a.Expand(position, sizes), update);
    }
}
