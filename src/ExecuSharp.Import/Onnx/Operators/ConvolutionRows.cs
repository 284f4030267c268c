using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Convolutions.</summary>
internal static class ConvolutionRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("Conv", 1, n => Convolution(n, n.X, n.In(1), n.Opt(2), 0)),
        new("ConvTranspose", 1, Transposed),
        new("ConvInteger", 10, n => [OnnxNode.As(Integer(n), OnnxDataType.Int32)]),
        new("Col2Im", 18, ColumnsToImage),
        new("CausalConvWithState", 27, CausalWithState),
        new("DeformConv", 19, DeformableConvolution.Apply),
    ];

    /// <summary>Reads the window from the node and convolves; pads hold <paramref name="padValue"/>.</summary>
    public static Value Convolution(OnnxNode n, Value x, Value w, Value? bias, double padValue)
    {
        long[] weights = Aten.Sizes(w);
        var window = Window.Of(n, x, weights[2..]);
        long groups = n.Int("group", 1);
        if (groups < 1 || x.Spec.Sizes[1].Value != weights[1] * groups || weights[0] % groups != 0 || !weights.AsSpan(2).SequenceEqual(window.Kernel))
            throw n.Bad($"a weight that fits {x.Spec} and {groups} groups", $"{w.Spec}");
        var a = n.Aten;
        if (!window.IsSymmetric || padValue != 0 || window.Before.Any(p => p < 0))
        {
            x = a.Pad(x, [0, 0, .. window.Before], [0, 0, .. window.After], padValue);
            window = window.Unpadded;
        }
        return Convolve(a, x, w, bias, window, groups);
    }

    public static Value Convolve(Aten a, Value x, Value w, Value? bias, Window window, long groups)
    {
        if (window.Rank == 3)
            return Volume(a, x, w, bias, window, groups);
        if (window.Rank > 3)
            throw new OnnxUnsupportedException($"a convolution of {window.Rank} dimensions");
        return a.Call("aten::convolution", x, w, bias is null ? Argument.None : bias, window.Strides, window.Before, window.Dilations, false, new long[window.Rank], groups);
    }

    /// <summary>Three dimensions: a sum over the kernel's depth of convolutions of slices.</summary>
    private static Value Volume(Aten a, Value x, Value w, Value? bias, Window window, long groups)
    {
        x = a.Pad(x, [0, 0, window.Before[0], 0, 0], [0, 0, window.After[0], 0, 0], 0);
        long[] sizes = Aten.Sizes(x), weights = Aten.Sizes(w);
        long depth = ((sizes[2] - window.Extent(0)) / window.Strides[0]) + 1;
        var plane = new Window(window.Kernel[1..], window.Strides[1..], window.Dilations[1..], window.Before[1..], window.After[1..], false);
        Value? sum = null;
        for (int k = 0; k < window.Kernel[0]; k++)
        {
            long first = k * window.Dilations[0];
            var slices = a.Slice(x, 2, first, first + ((depth - 1) * window.Strides[0]) + 1, window.Strides[0]);
            var batch = a.View(a.Permute(slices, 0, 2, 1, 3, 4), sizes[0] * depth, sizes[1], sizes[3], sizes[4]);
            var term = Convolve(a, batch, a.Select(w, 2, k), k == 0 ? bias : null, plane, groups);
            sum = sum is null ? term : a.Add(sum, term);
        }
        long[] flat = Aten.Sizes(sum!);
        return a.Permute(a.View(sum!, sizes[0], depth, weights[0], flat[2], flat[3]), 0, 2, 1, 3, 4);
    }

    private static Value Transposed(OnnxNode n)
    {
        Value x = n.X, w = n.In(1);
        long[] weights = Aten.Sizes(w), sizes = Aten.Sizes(x);
        long groups = n.Int("group", 1);
        var window = Window.Of(n, weights[2..]);
        int rank = window.Rank;
        long[] extra = n.Ints("output_padding") ?? new long[rank];
        if (groups < 1 || sizes[1] != weights[0] || weights[0] % groups != 0 || extra.Length != rank)
            throw n.Bad($"a weight that fits {x.Spec} and {groups} groups", $"{w.Spec}");
        long[] wanted = [.. Enumerable.Range(0, rank).Select(d => Wanted(n, window, extra, sizes, d))];
        if (Direct(n, window, wanted, extra, groups) is { } direct)
            return direct;
        var all = TransposedFull(n.Aten, x, w, window, groups);
        // The full result is cut by the pads before and filled up or cut after.
        long[] full = Aten.Sizes(all)[2..];
        long[] before = Before(n, window, extra, sizes, full, wanted);
        long[] after = [.. Enumerable.Range(0, rank).Select(d => wanted[d] + before[d] - full[d])];
        var cut = n.Aten.Pad(all, [0, 0, .. before.Select(b => -b)], [0, 0, .. after], 0);
        return n.Opt(2) is { } bias ? n.Aten.Add(cut, n.Aten.View(bias, [bias.Spec.Sizes[0], .. Enumerable.Repeat((Dim)1, rank)])) : cut;
    }

    /// <summary>Pads that are the same before and behind, but for what the stride leaves open, are the operator's own padding.</summary>
    private static Value? Direct(OnnxNode n, Window window, long[] wanted, long[] extra, long groups)
    {
        if (window.Rank > 2)
            return null;
        long[] sizes = Aten.Sizes(n.X);
        long[] full = [.. Enumerable.Range(0, window.Rank).Select(d => ((sizes[d + 2] - 1) * window.Strides[d]) + window.Extent(d))];
        long[] before = Before(n, window, extra, sizes, full, wanted);
        long[] open = [.. Enumerable.Range(0, window.Rank).Select(d => wanted[d] - full[d] + (2 * before[d]))];
        if (Enumerable.Range(0, window.Rank).Any(d => before[d] < 0 || open[d] < 0 || open[d] >= window.Strides[d] || wanted[d] < 1))
            return null;
        return n.Aten.Call("aten::convolution", n.X, n.In(1), n.Opt(2) is { } bias ? bias : Argument.None, window.Strides, before, window.Dilations, true, open, groups);
    }

    private static long Wanted(OnnxNode n, Window window, long[] extra, long[] sizes, int d)
    {
        if (n.Ints("output_shape") is { } shape)
            return shape[^(window.Rank - d)];
        if (n.Text("auto_pad", "NOTSET") is "SAME_UPPER" or "SAME_LOWER")
            return sizes[d + 2] * window.Strides[d];
        return ((sizes[d + 2] - 1) * window.Strides[d]) + extra[d] + window.Extent(d) - window.Before[d] - window.After[d];
    }

    private static long[] Before(OnnxNode n, Window window, long[] extra, long[] sizes, long[] full, long[] wanted)
    {
        string auto = n.Text("auto_pad", "NOTSET");
        if (n.Ints("output_shape") is null && auto is "NOTSET" or "" or "VALID")
            return window.Before;
        return [.. Enumerable.Range(0, window.Rank).Select(d =>
        {
            long total = full[d] + extra[d] - wanted[d];
            return auto == "SAME_UPPER" || total < 0 ? total / 2 : total - (total / 2);
        })];
    }

    /// <summary>The transposed convolution without pads.</summary>
    private static Value TransposedFull(Aten a, Value x, Value w, Window window, long groups)
    {
        long[] none = new long[window.Rank];
        if (window.Rank <= 2)
            return a.Call("aten::convolution", x, w, Argument.None, window.Strides, none, window.Dilations, true, none, groups);
        if (window.Rank > 3)
            throw new OnnxUnsupportedException($"a transposed convolution of {window.Rank} dimensions");
        long[] sizes = Aten.Sizes(x);
        var batch = a.View(a.Permute(x, 0, 2, 1, 3, 4), sizes[0] * sizes[2], sizes[1], sizes[3], sizes[4]);
        var plane = new Window(window.Kernel[1..], window.Strides[1..], window.Dilations[1..], none[1..], none[1..], false);
        Value? sum = null;
        for (int k = 0; k < window.Kernel[0]; k++)
        {
            var term = TransposedFull(a, batch, a.Select(w, 2, k), plane, groups);
            long[] flat = Aten.Sizes(term);
            // Slices stride apart, shifted by the position in the kernel.
            var apart = a.Pad(a.View(term, sizes[0], sizes[2], 1, flat[1], flat[2], flat[3]), new long[6], [0, 0, window.Strides[0] - 1, 0, 0, 0], 0);
            var joined = a.Slice(a.View(apart, sizes[0], sizes[2] * window.Strides[0], flat[1], flat[2], flat[3]), 1, 0, ((sizes[2] - 1) * window.Strides[0]) + 1);
            long first = k * window.Dilations[0];
            var shifted = a.Pad(joined, [0, first, 0, 0, 0], [0, window.Extent(0) - 1 - first, 0, 0, 0], 0);
            sum = sum is null ? shifted : a.Add(sum, shifted);
        }
        return a.Permute(sum!, 0, 2, 1, 3, 4);
    }

    private static Value Integer(OnnxNode n)
    {
        var a = n.Aten;
        Value x = n.X, w = n.In(1);
        // Sums stay below 2^24, where float is exact, or are made in double.
        long terms = Aten.Sizes(w)[1..].Aggregate(1L, (p, s) => p * s);
        var type = terms * 255 * 255 < 1 << 24 ? ScalarType.Float : ScalarType.Double;
        Value Centered(Value v, Value? zero, bool perChannel)
        {
            v = a.Cast(v, type);
            if (zero is null)
                return v;
            zero = a.Cast(zero, type);
            return a.Sub(v, perChannel && zero.Spec.MaxNumel > 1 ? a.View(zero, [zero.Spec.Sizes[0], .. Enumerable.Repeat((Dim)1, v.Spec.Rank - 1)]) : a.Single(zero));
        }
        return a.Cast(Convolution(n, Centered(x, n.Opt(2), false), Centered(w, n.Opt(3), true), null, 0), ScalarType.Int);
    }

    /// <summary>Columns go back by a transposed convolution whose weights are one at one position each.</summary>
    private static Value ColumnsToImage(OnnxNode n)
    {
        var a = n.Aten;
        long[] image = n.Longs(1, "the image's sizes"), block = n.Longs(2, "the block's sizes");
        int rank = block.Length;
        long[] strides = n.Ints("strides") ?? Window.Ones(rank), dilations = n.Ints("dilations") ?? Window.Ones(rank), pads = n.Ints("pads") ?? new long[2 * rank];
        var window = new Window(block, strides, dilations, pads[..rank], pads[rank..], false);
        long[] sizes = Aten.Sizes(n.X), blocks = window.Outputs(image);
        long cells = block.Aggregate(1L, (p, s) => p * s), channels = sizes[1] / cells;
        var x = a.View(n.X, [sizes[0], sizes[1], .. blocks]);
        var weight = Tensor.Empty(ScalarType.Float, [(int)sizes[1], 1, .. block.Select(b => (int)b)]);
        for (long i = 0; i < sizes[1]; i++)
            weight.Span<float>()[(int)((i * cells) + (i % cells))] = 1;
        var all = TransposedFull(a, x, a.Cast(a.Constant(weight), n.X.Spec.Type), window.Unpadded, channels);
        long[] full = Aten.Sizes(all)[2..];
        return a.Pad(all, [0, 0, .. window.Before.Select(p => -p)], [0, 0, .. Enumerable.Range(0, rank).Select(d => image[d] + window.Before[d] - full[d])], 0);
    }

    private static OnnxValue?[] CausalWithState(OnnxNode n)
    {
        var a = n.Aten;
        Value x = n.X, w = n.In(1);
        long[] sizes = Aten.Sizes(x), weights = Aten.Sizes(w);
        long history = weights[2] - 1;
        var padded = n.Opt(3) is { } past ? a.Cat(2, past, x) : a.Pad(x, [0, 0, history], [0, 0, 0], 0);
        var y = a.Call("aten::convolution", padded, w, n.Opt(2) is { } bias ? bias : Argument.None, (long[])[1], (long[])[0], (long[])[1], false, (long[])[0], sizes[1]);
        y = n.Text("activation", "none") switch
        {
            "none" => y,
            "silu" or "swish" => a.Mul(y, a.Sigmoid(y)),
            var other => throw n.Bad("activation none, silu or swish", other),
        };
        long length = Aten.Sizes(padded)[2];
        return [n.Same(y), n.Same(a.Slice(padded, 2, length - history, length))];
    }
}
