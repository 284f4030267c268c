using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Moving elements: transposes, joins, slices, padding.</summary>
internal static class LayoutRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("Transpose", 1, n => n.Aten.Permute(n.X, [.. n.Axes(n.Ints("perm") ?? [.. Enumerable.Range(0, n.Rank()).Reverse().Select(i => (long)i)], n.Rank()).Select(i => (long)i)])),
        new("Concat", 4, n => n.Aten.Cat(n.Axis(n.Int("axis"), n.Rank()), n.All())),
        new("Split", (2, n => Split(n, n.Ints("split"))), (13, n => Split(n, n.OptLongs(1, "the sizes of the parts")))),
        new("Slice", (1, n => [n.Same(SliceAttributes(n))]), (10, n => [n.Same(SliceInputs(n))])),
        new("Tile", 6, n => n.Aten.Call("aten::repeat", n.X, n.Longs(1, "the repeats"))),
        new("Pad", (2, n => [n.Same(Pad(n, n.X, n.Ints("pads") ?? throw n.Bad("attribute pads", "none"), n.Float("value", 0)))]), (11, n => [n.Same(PadInputs(n))])),
        new("DepthToSpace", (1, n => [n.Same(DepthToSpace(n))])),
        new("SpaceToDepth", 1, SpaceToDepth),
        new("CenterCropPad", 18, CenterCropPad),
        new("Trilu", 14, n => Trilu(n, n.Flag("upper", true))),
        new("ReverseSequence", 10, ReverseSequence),
    ];

    private static OnnxValue?[] Split(OnnxNode n, long[]? sizes)
    {
        int axis = n.Axis(n.Int("axis", 0), n.Rank());
        long size = n.X.Spec.Sizes[axis].Value;
        if (sizes is null)
        {
            long parts = n.Opset >= 18 ? n.Int("num_outputs", n.OutputCount) : n.OutputCount;
            if (parts < 1 || parts > 1 << 20)
                throw n.Bad("one part or more", $"{parts}");
            long each = (size + parts - 1) / parts;
            sizes = [.. Enumerable.Range(0, Aten.Count(parts)).Select(i => Math.Clamp(size - (i * each), 0, each))];
        }
        if (sizes.Any(s => s < 0) || sizes.Sum() != size)
            throw n.Bad($"parts of {size} together", string.Join(", ", sizes));
        return [.. n.Aten.Split(n.X, axis, sizes).Select(n.Same)];
    }

    private static Value SliceAttributes(OnnxNode n)
    {
        long[] starts = n.Ints("starts") ?? throw n.Bad("attribute starts", "none");
        long[] ends = n.Ints("ends") ?? throw n.Bad("attribute ends", "none");
        return Slice(n, Array.ConvertAll(starts, s => (Dim)s), Array.ConvertAll(ends, e => (Dim)e), n.Ints("axes"), null);
    }

    private static Value SliceInputs(OnnxNode n) => Slice(n, n.DimsOf(1, "starts"), n.DimsOf(2, "ends"), n.OptLongs(3, "axes"), n.OptLongs(4, "steps"));

    private static Value Slice(OnnxNode n, Dim[] starts, Dim[] ends, long[]? axes, long[]? steps)
    {
        var x = n.X;
        axes ??= [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || (steps is not null && steps.Length != starts.Length))
            throw n.Bad("starts, ends, axes and steps of one length", $"{starts.Length}, {ends.Length}, {axes.Length}, {steps?.Length}");
        for (int i = 0; i < starts.Length; i++)
            x = SliceOne(n, x, n.Axis(axes[i], x.Spec.Rank), starts[i], ends[i], steps?[i] ?? 1);
        return x;
    }

    private static Value SliceOne(OnnxNode n, Value x, int axis, Dim from, Dim to, long step)
    {
        var size = x.Spec.Sizes[axis];
        if (!from.IsStatic || !to.IsStatic)
        {
            if (step <= 0)
                throw n.Unsupported("a slice backwards between dynamic positions");
            if (from == 0 && to == size && step == 1)
                return x;
            Argument Position(Dim d) => n.Aten.SizeArgument(d, x);
            return n.Aten.Call("aten::slice_copy.Tensor", x, axis, Position(from), Position(to), step);
        }
        long start = from.Value, end = to.Value;
        if (step > 0)
            return start == 0 && step == 1 && (end >= int.MaxValue || (size.IsStatic && end >= size.Value)) ? x
                : n.Aten.Slice(x, axis, Math.Clamp(start, -int.MaxValue, int.MaxValue), end, step);
        if (step == 0)
            throw n.Bad("a step other than 0", "0");
        long count = size.IsStatic ? size.Value : throw n.Unsupported("a slice backwards along a dynamic size");
        start = Math.Clamp(start < 0 ? start + count : start, -1, count - 1);
        end = Math.Clamp(end < 0 ? Math.Max(end, -long.MaxValue + count) + count : end, -1, count - 1);
        if (start <= end)
            return n.Aten.Slice(x, axis, 0, 0);
        long stride = Math.Min(-step, count);
        long last = start - ((start - end - 1) / stride * stride);
        return n.Aten.Flip(n.Aten.Slice(x, axis, last, start + 1, stride), axis);
    }

    private static Value PadInputs(OnnxNode n)
    {
        bool later = n.Has(2) && n.Known(2) is null && n.Text("mode", "constant") == "constant";
        double value = !later && n.OptDoubles(2, "the padding value") is { Length: > 0 } v ? v[0] : 0;
        long[] pads = n.Longs(1, "the pads");
        int rank = n.Rank();
        if (n.OptLongs(3, "axes") is { } axes)
        {
            var all = new long[2 * rank];
            for (int i = 0; i < axes.Length; i++)
            {
                int axis = n.Axis(axes[i], rank);
                (all[axis], all[axis + rank]) = (pads[i], pads[i + axes.Length]);
            }
            pads = all;
        }
        var padded = Pad(n, n.X, pads, value);
        if (!later)
            return padded;
        // The value is known at run time only: it replaces what a padded tensor of ones shows to be padding.
        var inside = Pad(n, n.Aten.Full(1, ScalarType.Byte, Aten.Sizes(n.X)), pads, 0);
        return n.Aten.Where(n.Aten.Ne(inside, 0), padded, n.Aten.Single(n.In(2)));
    }

    private static Value Pad(OnnxNode n, Value x, long[] pads, double value)
    {
        int rank = x.Spec.Rank;
        if (pads.Length != 2 * rank || pads.Any(p => Math.Abs(p) > int.MaxValue))
            throw n.Bad($"{2 * rank} pads", $"{pads.Length}");
        string mode = n.Text("mode", "constant");
        if (mode == "constant")
            return x.Spec.Type == ScalarType.Bool
                ? n.Aten.Cast(n.Aten.Pad(n.Aten.Cast(x, ScalarType.Byte), pads[..rank], pads[rank..], value), ScalarType.Bool)
                : n.Aten.Pad(x, pads[..rank], pads[rank..], value);
        for (int d = 0; d < rank; d++)
        {
            long before = pads[d], after = pads[d + rank];
            if (before == 0 && after == 0)
                continue;
            long size = x.Spec.Sizes[d].IsStatic ? x.Spec.Sizes[d].Value : throw n.Unsupported($"padding of mode {mode} along a dynamic size");
            if (size + before + after < 0 || size + before + after > int.MaxValue || (size == 0 && before + after > 0))
                throw n.Bad("pads that leave a size", $"{before} and {after} on {size}");
            var index = Enumerable.Range(0, Aten.Count(size + before + after)).Select(i => Source(n, i - before, size, mode)).ToArray();
            x = n.Aten.IndexSelect(x, d, n.Aten.Constant(index));
        }
        return x;
    }

    private static long Source(OnnxNode n, long i, long size, string mode)
    {
        switch (mode)
        {
            case "edge":
                return Math.Clamp(i, 0, size - 1);
            case "wrap":
                return ((i % size) + size) % size;
            case "reflect":
                if (size == 1)
                    return 0;
                long period = 2 * (size - 1);
                i = ((i % period) + period) % period;
                return i < size ? i : period - i;
            default:
                throw n.Bad("mode constant, edge, reflect or wrap", mode);
        }
    }

    private static Value DepthToSpace(OnnxNode n)
    {
        long[] s = Aten.Sizes(n.X);
        long b = n.Int("blocksize");
        if (s.Length != 4 || b < 1 || s[1] % (b * b) != 0)
            throw n.Bad("a tensor of rank 4 with channels that the block divides", $"{n.X.Spec}, block {b}");
        long c = s[1] / (b * b);
        var a = n.Aten;
        bool crd = n.Text("mode", "DCR") == "CRD";
        if (crd)
            return a.Call("aten::pixel_shuffle", n.X, b);
        var blocks = a.Permute(a.View(n.X, s[0], b, b, c, s[2], s[3]), 0, 3, 4, 1, 5, 2);
        return a.View(blocks, s[0], c, s[2] * b, s[3] * b);
    }

    private static Value SpaceToDepth(OnnxNode n)
    {
        long[] s = Aten.Sizes(n.X);
        long b = n.Int("blocksize");
        if (s.Length != 4 || b < 1 || s[2] % b != 0 || s[3] % b != 0)
            throw n.Bad("a tensor of rank 4 with sizes that the block divides", $"{n.X.Spec}, block {b}");
        var a = n.Aten;
        var split = a.View(n.X, s[0], s[1], s[2] / b, b, s[3] / b, b);
        var order = n.Text("mode", "DCR") == "CRD" ? a.Permute(split, 0, 1, 3, 5, 2, 4) : a.Permute(split, 0, 3, 5, 1, 2, 4);
        return a.View(order, s[0], s[1] * b * b, s[2] / b, s[3] / b);
    }

    private static Value CenterCropPad(OnnxNode n)
    {
        var x = n.X;
        long[] shape = n.Longs(1, "the shape");
        int[] axes = n.Axes(n.Ints("axes") ?? [.. Enumerable.Range(0, x.Spec.Rank).Select(i => (long)i)], x.Spec.Rank);
        long[] before = new long[x.Spec.Rank], after = new long[x.Spec.Rank];
        for (int i = 0; i < axes.Length; i++)
        {
            long size = Aten.Sizes(x)[axes[i]], difference = shape[i] - size;
            if (difference >= 0)
                (before[axes[i]], after[axes[i]]) = (difference / 2, difference - (difference / 2));
            else
                x = n.Aten.Slice(x, axes[i], -difference / 2, (-difference / 2) + shape[i]);
        }
        return n.Aten.Pad(x, before, after, 0);
    }

    private static Value Trilu(OnnxNode n, bool upper)
    {
        long k = n.OptLongs(1, "k")?[0] ?? 0;
        return n.Aten.Call(upper ? "aten::triu" : "aten::tril", n.X, Math.Clamp(k, -int.MaxValue, int.MaxValue));
    }

    private static Value ReverseSequence(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        int batch = n.Axis(n.Int("batch_axis", 1), x.Spec.Rank), time = n.Axis(n.Int("time_axis", 0), x.Spec.Rank);
        long[] sizes = Aten.Sizes(x);
        // Position t reads length - 1 - t below the length, and t itself from there on.
        long[] across = [.. Enumerable.Repeat(1L, sizes.Length)], along = [.. across];
        across[batch] = sizes[batch];
        along[time] = sizes[time];
        var lengths = a.View(a.Cast(n.In(1), ScalarType.Long), across);
        var t = a.View(a.Constant(Aten.Indices(sizes[time])), along);
        var source = a.Where(a.Lt(t, lengths), a.Sub(a.Sub(lengths, 1), t), t);
        return a.Call("aten::gather", x, time, a.Expand(source, sizes));
    }
}
