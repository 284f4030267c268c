using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>
/// NonMaxSuppression: boxes are sorted by score, overlaps are computed for all pairs, and the greedy choice is a loop over the sorted boxes, unrolled.
/// Chosen boxes are listed by nonzero.
/// </summary>
internal static class NonMaxSuppression
{
    private const long MaxBoxes = 1024;

    public static OnnxValue Apply(OnnxNode n)
    {
        var a = n.Aten;
        Value boxes = n.X, scores = n.In(1);
        long[] s = Aten.Sizes(scores);
        long batches = s[0], classes = s[1], count = s[2];
        if (count > MaxBoxes)
            throw n.Unsupported($"{count} boxes; at most {MaxBoxes}");
        long limit = Math.Min(count, n.OptLongs(2, "the largest number of boxes") is [var m, ..] ? m : 0);
        if (limit <= 0)
            return OnnxNode.Natural(a.Longs([], 0, 3));
        var overlap = n.Opt(3) is { } t ? a.Single(t) : a.Number(0, scores);
        var least = n.Opt(4) is { } l ? a.Single(l) : null;
        // Slots [batch, class, rank among its boxes]: chosen or not, and the box.
        var (values, order) = Ordered.TopK(a, scores, 2, count, largest: true);
        var slots = new List<Value>();
        for (long b = 0; b < batches; b++)
        {
            var edges = Edges(a, a.Select(boxes, 0, b), n.Flag("center_point_box"));
            for (long c = 0; c < classes; c++)
            {
                var index = a.Select(a.Select(order, 0, b), 0, c);
                var overlaps = Overlaps(a, Array.ConvertAll(edges, e => a.IndexSelect(e, 0, index)), count, overlap);
                var alive = least is null ? a.Full(1, ScalarType.Bool, count) : a.Gt(a.Select(a.Select(values, 0, b), 0, c), least);
                slots.Add(Greedy(a, alive, overlaps, count, limit));
            }
        }
        var chosen = a.View(a.Cat(0, [.. slots]), batches, classes, count);
        var where = a.NonZero(chosen);
        Value Part(int i) => a.Call("aten::slice_copy.Tensor", where, 1, i, i + 1);
        var flat = a.Add(a.Mul(a.Add(a.Mul(Part(0), classes), Part(1)), count), Part(2));
        var box = a.IndexSelect(a.View(order, batches * classes * count, 1), 0, a.Call("aten::select_copy.int", flat, 1, 0));
        return OnnxNode.Natural(a.Cat(1, Part(0), Part(1), box));
    }

    /// <summary>Low and high edges along both dimensions, each [boxes].</summary>
    private static Value[] Edges(Aten a, Value boxes, bool centers)
    {
        var c = Enumerable.Range(0, 4).Select(i => a.Select(boxes, 1, i)).ToArray();
        if (!centers)
            return [a.Min(c[0], c[2]), a.Min(c[1], c[3]), a.Max(c[0], c[2]), a.Max(c[1], c[3])];
        Value halfWidth = a.Mul(c[2], 0.5), halfHeight = a.Mul(c[3], 0.5);
        return [a.Sub(c[1], halfHeight), a.Sub(c[0], halfWidth), a.Add(c[1], halfHeight), a.Add(c[0], halfWidth)];
    }

    /// <summary>For all pairs whether the overlap exceeds the threshold.</summary>
    private static Value Overlaps(Aten a, Value[] e, long count, Value threshold)
    {
        Value Rows(Value v) => a.View(v, count, 1);
        Value Columns(Value v) => a.View(v, 1, count);
        Value Extent(int low) => a.Max(a.Sub(a.Min(Rows(e[low + 2]), Columns(e[low + 2])), a.Max(Rows(e[low]), Columns(e[low]))), a.Number(0, e[0]));
        var area = a.Mul(a.Sub(e[2], e[0]), a.Sub(e[3], e[1]));
        var common = a.Mul(Extent(0), Extent(1));
        var union = a.Sub(a.Add(Rows(area), Columns(area)), common);
        return a.And(a.Gt(union, 0), a.Gt(a.Div(common, a.Where(a.Gt(union, 0), union, 1)), threshold));
    }

    private static Value Greedy(Aten a, Value alive, Value overlaps, long count, long limit)
    {
        Value? taken = null;
        var chosen = new Value[count];
        for (long i = 0; i < count; i++)
        {
            var take = a.Slice(alive, 0, i, i + 1);
            if (taken is not null && limit < count)
                take = a.And(take, a.Lt(taken, limit));
            chosen[i] = take;
            var one = a.Cast(take, ScalarType.Long);
            taken = taken is null ? one : a.Add(taken, one);
            alive = a.And(alive, a.Not(a.And(a.Select(overlaps, 0, i), take)));
        }
        return a.Cat(0, chosen);
    }
}
