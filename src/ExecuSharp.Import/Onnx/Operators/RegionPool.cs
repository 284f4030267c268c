using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>MaxRoiPool: for each cell of each region the maximum over the rows and columns inside it, chosen by masks.</summary>
internal static class RegionPool
{
    public static Value Apply(OnnxNode n)
    {
        var a = n.Aten;
        Value x = n.X, regions = n.In(1);
        long[] s = Aten.Sizes(x), pooled = n.Ints("pooled_shape") ?? throw n.Bad("attribute pooled_shape", "none");
        long count = Aten.Sizes(regions)[0];
        double scale = n.Float("spatial_scale", 1);
        Value Side(int index) => a.Round(a.Mul(a.Slice(regions, 1, index, index + 1), scale));
        // [regions, cells, size]: is a row (or column) inside a cell.
        Value Inside(int first, long cells, long size)
        {
            Value start = Side(first), extent = a.Max(a.Add(a.Sub(Side(first + 2), start), 1), a.Number(1, x));
            float[] steps = [.. Enumerable.Range(0, Aten.Count(cells)).Select(i => (float)i)];
            Value cell = a.Div(extent, cells), index = a.Floats(steps, 1, steps.Length);
            var low = a.Clamp(a.Add(a.Floor(a.Mul(index, cell)), start), 0, size);
            var high = a.Clamp(a.Add(a.Ceil(a.Mul(a.Add(index, 1), cell)), start), 0, size);
            var at = a.Floats([.. Enumerable.Range(0, Aten.Count(size)).Select(i => (float)i)], 1, 1, (int)size);
            return a.And(a.Ge(at, a.Unsqueeze(low, 2)), a.Lt(at, a.Unsqueeze(high, 2)));
        }
        Value rows = Inside(2, pooled[0], s[2]), columns = Inside(1, pooled[1], s[3]);
        var batch = a.IndexSelect(x, 0, a.View(a.Cast(a.Slice(regions, 1, 0, 1), ScalarType.Long), count));
        var byRow = a.Where(a.View(rows, count, 1, pooled[0], s[2], 1), a.Unsqueeze(batch, 2), double.NegativeInfinity);
        var lines = a.Amax(byRow, [3], false);
        var byColumn = a.Where(a.View(columns, count, 1, 1, pooled[1], s[3]), a.Unsqueeze(lines, 3), double.NegativeInfinity);
        var result = a.Amax(byColumn, [4], false);
        return a.Where(a.Eq(result, double.NegativeInfinity), 0, result);
    }
}
