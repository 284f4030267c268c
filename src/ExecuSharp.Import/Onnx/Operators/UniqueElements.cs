using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>
/// Unique. Which rows are the first of their kind is decided by comparing all pairs; nonzero makes the list. In sorted order a row's place is the number
/// of first rows before it.
/// </summary>
internal static class UniqueElements
{
    private const long MaxRows = 4096;

    public static OnnxValue?[] Apply(OnnxNode n) => Apply(n, n.Flag("sorted", true));

    public static OnnxValue?[] Apply(OnnxNode n, bool sorted)
    {
        var a = n.Aten;
        var x = n.X;
        bool flat = n.Attribute("axis") is null;
        int axis = flat ? 0 : n.Axis(n.Int("axis"), x.Spec.Rank);
        if (flat)
            x = a.View(x, x.Spec.MaxNumel);
        long count = Aten.Sizes(x)[axis];
        var rows = a.View(a.Transpose(x, 0, axis), count, x.Spec.MaxNumel / Math.Max(count, 1));
        if (count > MaxRows)
            throw n.Unsupported($"{count} elements; at most {MaxRows}");
        long[] all = Aten.Indices(count);
        var (equal, less) = Compare(a, rows, count);
        Value row = a.Longs(all, (int)count, 1), column = a.Longs(all, 1, (int)count);
        // first[i]: no earlier row equals it. leader[i]: the first row that equals it.
        var leader = a.Amin(a.Where(equal, column, count), [1], false);
        var first = a.Eq(leader, a.Constant(all));
        var firstWide = a.Cast(first, ScalarType.Long);
        var before = sorted ? less : a.Lt(column, row);
        // rank[i]: how many first rows come before it in the output.
        var rank = a.Sum(a.Mul(a.Cast(before, ScalarType.Long), a.Unsqueeze(firstWide, 0)), [1], false);
        var inverse = a.IndexSelect(rank, 0, leader);
        var places = a.Where(first, rank, count);
        // position[p]: the first row whose rank is p; count for places that do not exist.
        var position = a.Amin(a.Where(a.Eq(a.View(places, 1, count), a.View(a.Constant(all), count, 1)), column, count), [1], false);
        var exists = a.Lt(position, count);
        var kept = a.Call("aten::select_copy.int", a.NonZero(exists), 1, 0);
        var indices = a.IndexSelect(position, 0, kept);
        var counts = a.IndexSelect(a.Sum(a.Cast(equal, ScalarType.Long), [1], false), 0, indices);
        return [n.Same(a.IndexSelect(x, axis, indices)), OnnxNode.Natural(indices), OnnxNode.Natural(inverse), OnnxNode.Natural(counts)];
    }

    /// <summary>For all pairs of rows whether they are equal, and whether the second comes before the first in lexical order.</summary>
    private static (Value Equal, Value Less) Compare(Aten a, Value rows, long count)
    {
        Value? equal = null, less = null;
        for (long c = rows.Spec.Sizes[1].Value - 1; c >= 0; c--)
        {
            var cells = a.Select(rows, 1, c);
            Value left = a.View(cells, count, 1), right = a.View(cells, 1, count);
            Value same = a.Eq(left, right), smaller = a.Lt(right, left);
            less = less is null ? smaller : a.Or(smaller, a.And(same, less));
            equal = equal is null ? same : a.And(equal, same);
        }
        return (equal ?? a.Full(1, ScalarType.Bool, count, count), less ?? a.Full(0, ScalarType.Bool, count, count));
    }
}
