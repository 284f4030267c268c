using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Reading images at computed positions.</summary>
internal static class SamplingRows
{
    private const long MostPoints = 1 << 24;
    private const long LargestRegion = 1 << 12;

    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("GridSample", 16, n => GridSample(n, n.Text("mode", n.Opset >= 20 ? "linear" : "bilinear"))),
        new("AffineGrid", 20, AffineGrid),
        new("MaxRoiPool", 1, RegionPool.Apply),
        new("RoiAlign", (10, n => [n.Same(RoiAlign(n, 0))]), (16, n => [n.Same(RoiAlign(n, n.Text("coordinate_transformation_mode", "half_pixel") == "half_pixel" ? 0.5 : 0))])),
    ];

    public static Value GridSample(OnnxNode n, string mode)
    {
        var a = n.Aten;
        Value x = n.X, grid = n.In(1);
        bool align = n.Flag("align_corners");
        string padding = n.Text("padding_mode", "zeros");
        int interpolation = mode switch { "linear" or "bilinear" => 0, "nearest" => 1, "cubic" or "bicubic" => 2, _ => throw n.Bad("mode linear, nearest or cubic", mode) };
        int dims = x.Spec.Rank - 2;
        if (dims == 2 && x.Spec.Type == grid.Spec.Type)
            return a.Call("aten::grid_sampler_2d", x, grid, interpolation, padding switch { "zeros" => 0, "border" => 1, _ => 2 }, align);
        if (interpolation == 2)
            throw n.Unsupported("cubic sampling of a volume");
        long[] s = Aten.Sizes(x), g = Aten.Sizes(grid);
        long points = g[1..^1].Aggregate(1L, (p, d) => p * d);
        var at = new Value[dims];
        for (int d = 0; d < dims; d++)
        {
            // The grid's last dimension counts x first.
            var unit = a.View(a.Select(grid, g.Length - 1, dims - 1 - d), g[0], points);
            long size = s[d + 2];
            var position = align ? a.Mul(a.Add(unit, 1), (size - 1) / 2.0) : a.Sub(a.Mul(a.Add(unit, 1), size / 2.0), 0.5);
            if (interpolation == 1)
                position = a.Round(position);
            at[d] = padding switch
            {
                "border" => a.Clamp(position, 0, size - 1),
                "reflection" => Reflect(a, position, align ? 0 : -0.5, align ? size - 1 : size - 0.5, size),
                _ => position,
            };
        }
        var sampler = new GatherSampler(a, x);
        return a.View(interpolation == 1 ? sampler.At(at) : sampler.Linear(at), [s[0], s[1], .. g[1..^1]]);
    }

    private static Value Reflect(Aten a, Value x, double low, double high, long size)
    {
        double span = high - low;
        if (span == 0)
            return a.Mul(x, 0);
        var turn = a.Remainder(a.Sub(x, low), a.Number(2 * span, x));
        var folded = a.Add(a.Min(turn, a.Sub(a.Number(2 * span, x), turn)), low);
        return a.Clamp(folded, 0, size - 1);
    }

    private static Value AffineGrid(OnnxNode n)
    {
        var a = n.Aten;
        var theta = n.X;
        long[] size = n.Longs(1, "the size");
        bool align = n.Flag("align_corners");
        long[] space = size[2..];
        int dims = space.Length;
        long points = space.Aggregate(1L, (p, s) => p * s);
        if (points is > MostPoints or < 0)
            throw n.Bad("at most 2^24 points", $"{points}");
        var grid = new float[points * (dims + 1)];
        for (long p = 0; p < points; p++)
        {
            long rest = p;
            for (int d = dims - 1; d >= 0; d--)
            {
                long i = rest % space[d];
                rest /= space[d];
                double at = align ? (space[d] == 1 ? 0 : (2.0 * i / (space[d] - 1)) - 1) : (((2.0 * i) + 1) / space[d]) - 1;
                // Coordinates are x, y, z: the last dimension first.
                grid[(p * (dims + 1)) + dims - 1 - d] = (float)at;
            }
            grid[(p * (dims + 1)) + dims] = 1;
        }
        var all = a.Cast(a.Floats(grid, 1, (int)points, dims + 1), theta.Spec.Type);
        var result = a.Matmul(a.Expand(all, size[0], points, dims + 1), a.Transpose(theta, 1, 2));
        return a.View(result, [size[0], .. space, dims]);
    }

    private static Value RoiAlign(OnnxNode n, double shift)
    {
        var a = n.Aten;
        Value x = n.X, rois = n.In(1);
        long[] s = Aten.Sizes(x);
        long count = Aten.Sizes(rois)[0], height = n.Int("output_height", 1), width = n.Int("output_width", 1), samples = n.Int("sampling_ratio", 0);
        double scale = n.Float("spatial_scale", 1);
        if (samples <= 0)
            samples = AdaptiveSamples(n, height, width, scale);
        if (height is < 1 or > LargestRegion || width is < 1 or > LargestRegion || samples > LargestRegion || (double)count * height * samples * width * samples > MostPoints)
            throw n.Bad($"regions of 1 to {LargestRegion} rows and columns and at most 2^24 samples", $"{count} of {height} x {width} with {samples} x {samples} samples for each");
        var batch = a.IndexSelect(x, 0, a.Cast(n.In(2), ScalarType.Long));
        Value Side(int index) => a.Sub(a.Mul(a.Slice(rois, 1, index, index + 1), scale), shift);
        Value Positions(int first, long cells, long size)
        {
            Value start = Side(first), extent = a.Sub(Side(first + 2), start);
            if (shift == 0)
                extent = a.Max(extent, a.Number(1, extent));
            float[] steps = [.. Enumerable.Range(0, Aten.Count(cells * samples)).Select(i => ((i / samples) + (((i % samples) + 0.5f) / samples)) / cells)];
            return a.Add(start, a.Mul(extent, a.Cast(a.Floats(steps, 1, steps.Length), x.Spec.Type)));
        }
        Value ys = Positions(1, height, s[2]), xs = Positions(0, width, s[3]);
        long rows = height * samples, columns = width * samples;
        Value Grid(Value v, bool across) => a.View(a.Expand(a.Unsqueeze(v, across ? 1 : 2), count, rows, columns), count, rows * columns);
        Value y = Grid(ys, false), z = Grid(xs, true);
        // A point more than one pixel outside counts as zero; others are moved to the edge.
        var inside = a.And(a.And(a.Ge(y, -1), a.Le(y, s[2])), a.And(a.Ge(z, -1), a.Le(z, s[3])));
        bool max = n.Text("mode", "avg") == "max";
        var values = new GatherSampler(a, batch).Linear([a.Clamp(y, 0, s[2] - 1), a.Clamp(z, 0, s[3] - 1)], max ? a.Max : a.Add);
        values = a.Where(a.Unsqueeze(inside, 1), values, 0);
        var blocks = a.View(values, count, s[1], height, samples, width, samples);
        return max ? a.Amax(blocks, [3, 5], false) : a.Mean(blocks, [3, 5], false);
    }

    private static long AdaptiveSamples(OnnxNode n, long height, long width, double scale)
    {
        double[] rois = Values.Doubles(n.MustKnow(1, "the regions, which decide how many samples are taken when sampling_ratio is 0,"));
        long? samples = null;
        for (int i = 0; i < rois.Length; i += 4)
            foreach (long each in (long[])[(long)Math.Ceiling((rois[i + 3] - rois[i + 1]) * scale / height), (long)Math.Ceiling((rois[i + 2] - rois[i]) * scale / width)])
                samples = samples is null || samples == each ? each : throw n.Unsupported("regions of different sizes with sampling_ratio 0");
        return Math.Max(1, samples ?? 1);
    }
}
