using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Pooling. A volume is pooled in its planes and then along its depth.</summary>
internal static class PoolRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("MaxPool", 1, MaxPool),
        new("AveragePool", 1, n => AveragePool(n, n.X, Window.Of(n), n.Flag("count_include_pad"))),
        new("LpPool", 2, LpPool),
        new("GlobalAveragePool", 1, n => n.Aten.Mean(n.X, Spatial(n.X), true)),
        new("GlobalMaxPool", 1, n => n.Aten.Amax(n.X, Spatial(n.X), true)),
        new("GlobalLpPool", 2, n => Norm(n.Aten, n.X, n.Int("p", 2), v => n.Aten.Sum(v, Spatial(n.X), true))),
        new("MaxUnpool", 9, MaxUnpool),
    ];

    public static long[] Spatial(Value x) => [.. Enumerable.Range(2, x.Spec.Rank - 2).Select(i => (long)i)];

    private static OnnxValue?[] MaxPool(OnnxNode n)
    {
        var x = n.X;
        var window = Window.Of(n);
        if (!n.WantsOutput(1))
            return [n.Same(Max(n.Aten, x, window).Values)];
        if (window.Rank > 2)
            throw n.Unsupported("positions of the maxima in three dimensions");
        var (values, positions) = Max(n.Aten, x, window);
        return [n.Same(values), OnnxNode.As(GlobalPositions(n, x, positions!), OnnxDataType.Int64)];
    }

    /// <summary>Positions in a plane become positions in the whole tensor.</summary>
    private static Value GlobalPositions(OnnxNode n, Value x, Value positions)
    {
        var a = n.Aten;
        long[] s = Aten.Sizes(x);
        long plane = s[2..].Aggregate(1L, (p, d) => p * d);
        if (n.Flag("storage_order") && s.Length == 4)
        {
            var width = a.Number(s[3], ScalarType.Long);
            var row = a.DivFloor(positions, width);
            positions = a.Add(a.Mul(a.Sub(positions, a.Mul(row, width)), s[2]), row);
        }
        long[] offsets = [.. Enumerable.Range(0, Aten.Count(s[0] * s[1])).Select(i => i * plane)];
        return a.Add(positions, a.View(a.Constant(offsets), [s[0], s[1], .. Enumerable.Repeat((Dim)1, s.Length - 2)]));
    }

    /// <summary>Maxima, and for up to two dimensions their positions in the plane.</summary>
    public static (Value Values, Value? Positions) Max(Aten a, Value x, Window window)
    {
        if (window.Rank == 1)
        {
            var (line, at) = Max(a, a.Unsqueeze(x, 2), AsPlane(window));
            return (a.Squeeze(line, 2), at is null ? null : a.Squeeze(at, 2));
        }
        if (window.Rank == 3)
            return (Volume(a, x, window, (v, w) => Max(a, v, w).Values), null);
        if (window.Rank != 2)
            throw new OnnxUnsupportedException($"pooling of {window.Rank} dimensions");
        long[] size = Aten.Sizes(x)[2..];
        bool plain = window.IsSymmetric && window.Before.Select((p, d) => p >= 0 && p * 2 <= window.Kernel[d]).All(b => b) && window.FullAfter(size).AsSpan().SequenceEqual(window.After);
        if (plain || Fits(window, size))
        {
            var both = a.CallMany("aten::max_pool2d_with_indices", x, window.Kernel, window.Strides, window.Before, window.Dilations, false);
            return (both[0], both[1]);
        }
        long[] after = window.FullAfter(size);
        var padded = a.Pad(x, [0, 0, .. window.Before], [0, 0, .. after], Lowest(x.Spec.Type));
        var result = a.CallMany("aten::max_pool2d_with_indices", padded, window.Kernel, window.Strides, new long[2], window.Dilations, false);
        var padWidth = a.Number(size[1] + window.Before[1] + after[1], ScalarType.Long);
        var row = a.DivFloor(result[1], padWidth);
        var column = a.Sub(result[1], a.Mul(row, padWidth));
        var positions = a.Add(a.Mul(a.Sub(row, window.Before[0]), size[1]), a.Sub(column, window.Before[1]));
        return (result[0], positions);
    }

    // Without ceil mode the last incomplete window is left out, as the runtime does.
    private static bool Fits(Window window, long[] size) => !window.Ceil && window.IsSymmetric
        && window.Before.Select((p, d) => p >= 0 && p * 2 <= window.Kernel[d]).All(b => b) && size.Length == 2;

    private static double Lowest(ScalarType type) => type switch
    {
        ScalarType.Byte => 0,
        ScalarType.Char => sbyte.MinValue,
        ScalarType.Short => short.MinValue,
        ScalarType.Int => int.MinValue,
        ScalarType.Long => long.MinValue,
        _ => double.NegativeInfinity,
    };

    private static Window AsPlane(Window w) => new([1, .. w.Kernel], [1, .. w.Strides], [1, .. w.Dilations], [0, .. w.Before], [0, .. w.After], w.Ceil);

    /// <summary>Pools planes, then the depth of what remains.</summary>
    private static Value Volume(Aten a, Value x, Window w, Func<Value, Window, Value> pool)
    {
        long[] s = Aten.Sizes(x);
        var plane = new Window(w.Kernel[1..], w.Strides[1..], w.Dilations[1..], w.Before[1..], w.After[1..], w.Ceil);
        var planes = pool(a.View(x, s[0], s[1] * s[2], s[3], s[4]), plane);
        long[] p = Aten.Sizes(planes)[2..];
        var depth = new Window([w.Kernel[0], 1], [w.Strides[0], 1], [w.Dilations[0], 1], [w.Before[0], 0], [w.After[0], 0], w.Ceil);
        var lines = pool(a.View(planes, s[0], s[1], s[2], p[0] * p[1]), depth);
        return a.View(lines, s[0], s[1], Aten.Sizes(lines)[2], p[0], p[1]);
    }

    public static Value AveragePool(OnnxNode n, Value x, Window window, bool countPads)
    {
        var a = n.Aten;
        if (window.Rank == 1)
            return a.Squeeze(AveragePool(n, a.Unsqueeze(x, 2), AsPlane(window), countPads), 2);
        if (window.Rank == 3)
            return Volume(a, x, window, (v, w) => AveragePool(n, v, w, countPads));
        if (window.Rank != 2)
            throw n.Unsupported($"pooling of {window.Rank} dimensions");
        if (Fits(window, Aten.Sizes(x)[2..]) && window.Dilations.All(d => d == 1))
            return a.Call("aten::avg_pool2d", x, window.Kernel, window.Strides, window.Before, false, countPads);
        long[] size = Aten.Sizes(x)[2..];
        var sums = WindowSum(a, x, window);
        long[] output = window.Outputs(size);
        float[] counts = new float[output[0] * output[1]];
        for (int i = 0; i < output[0]; i++)
            for (int j = 0; j < output[1]; j++)
                counts[(i * output[1]) + j] = Count(window, size[0], 0, i, countPads) * Count(window, size[1], 1, j, countPads);
        return a.Div(sums, a.Cast(a.Floats(counts, (int)output[0], (int)output[1]), x.Spec.Type));
    }

    /// <summary>How many cells of a window are inside the input, or inside it and its pads.</summary>
    private static int Count(Window w, long size, int d, long index, bool countPads)
    {
        long start = (index * w.Strides[d]) - w.Before[d];
        long from = countPads ? -w.Before[d] : 0, to = countPads ? size + w.After[d] : size;
        int count = 0;
        for (long k = 0; k < w.Kernel[d]; k++)
            if (start + (k * w.Dilations[d]) is var at && at >= from && at < to)
                count++;
        return count;
    }

    /// <summary>The sum of each window; pads count as zero.</summary>
    private static Value WindowSum(Aten a, Value x, Window window)
    {
        long[] size = Aten.Sizes(x)[2..];
        var padded = a.Pad(x, [0, 0, .. window.Before], [0, 0, .. window.FullAfter(size)], 0);
        long cells = window.Kernel[0] * window.Kernel[1], channels = Aten.Sizes(x)[1];
        if (window.Dilations.All(d => d == 1))
            return a.Mul(a.Call("aten::avg_pool2d", padded, window.Kernel, window.Strides, new long[2], false, true), cells);
        var ones = a.Full(1, x.Spec.Type, channels, 1, window.Kernel[0], window.Kernel[1]);
        var sum = ConvolutionRows.Convolve(a, padded, ones, null, window.Unpadded, channels);
        long[] output = window.Outputs(size);
        return a.Slice(a.Slice(sum, 2, 0, output[0]), 3, 0, output[1]);
    }

    private static Value Norm(Aten a, Value x, long p, Func<Value, Value> sum) => p switch
    {
        1 => sum(a.Abs(x)),
        2 => a.Sqrt(sum(a.Mul(x, x))),
        _ => a.Pow(sum(a.Pow(a.Abs(x), p)), 1.0 / p),
    };

    private static Value LpPool(OnnxNode n)
    {
        var window = Window.Of(n);
        return Norm(n.Aten, n.X, n.Int("p", 2), v => Sums(n, v, window));
    }

    private static Value Sums(OnnxNode n, Value x, Window window)
    {
        var a = n.Aten;
        return window.Rank switch
        {
            1 => a.Squeeze(WindowSum(a, a.Unsqueeze(x, 2), AsPlane(window)), 2),
            2 => WindowSum(a, x, window),
            3 => Volume(a, x, window, (v, w) => WindowSum(a, v, w)),
            _ => throw n.Unsupported($"pooling of {window.Rank} dimensions"),
        };
    }

    private static Value MaxUnpool(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        var window = Window.Of(n);
        long[] s = Aten.Sizes(x);
        long[] inferred = [s[0], s[1], .. Enumerable.Range(0, window.Rank).Select(d => ((s[d + 2] - 1) * window.Strides[d]) + window.Kernel[d] - window.Before[d] - window.After[d])];
        long[] wanted = n.OptLongs(2, "the output's sizes") ?? inferred;
        long count = inferred.Aggregate(1L, (p, d) => p * d);
        var flat = a.Call("aten::scatter.src", a.Full(0, x.Spec.Type, count), 0, a.View(n.In(1), [x.Spec.MaxNumel]), a.View(x, [x.Spec.MaxNumel]));
        var placed = a.View(flat, inferred);
        return a.Pad(placed, new long[s.Length], [.. wanted.Select((w, i) => w - inferred[i])], 0);
    }
}
