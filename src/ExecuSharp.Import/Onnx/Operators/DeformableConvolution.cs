using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>DeformConv: every kernel cell reads the image at its own offset; a matrix product sums them.</summary>
internal static class DeformableConvolution
{
    public static Value Apply(OnnxNode n)
    {
        var a = n.Aten;
        Value x = n.X, w = n.In(1), offset = n.In(2);
        long[] s = Aten.Sizes(x), weights = Aten.Sizes(w), o = Aten.Sizes(offset);
        if (s.Length != 4)
            throw n.Unsupported($"an input of rank {s.Length}");
        var window = Window.Of(n, weights[2..]);
        long groups = n.Int("group", 1), offsetGroups = n.Int("offset_group", 1);
        long cells = window.Kernel[0] * window.Kernel[1], rows = o[2], columns = o[3], points = rows * columns;
        long each = s[1] / offsetGroups;
        var sampled = new List<Value>();
        for (long g = 0; g < offsetGroups; g++)
        {
            var sampler = new GatherSampler(a, a.Slice(x, 1, g * each, (g + 1) * each));
            var cellValues = new List<Value>();
            for (long k = 0; k < cells; k++)
            {
                long channel = ((g * cells) + k) * 2;
                Value At(int d)
                {
                    long inKernel = d == 0 ? k / window.Kernel[1] : k % window.Kernel[1];
                    var start = Enumerable.Range(0, Aten.Count(points)).Select(p => (float)((((d == 0 ? p / columns : p % columns) * window.Strides[d]) - window.Before[d]) + (inKernel * window.Dilations[d])));
                    var fixedPart = a.Cast(a.Floats([.. start], 1, (int)points), x.Spec.Type);
                    return a.Add(a.View(a.Select(offset, 1, channel + d), s[0], points), fixedPart);
                }
                var value = sampler.Linear([At(0), At(1)]);
                if (n.Opt(4) is { } mask)
                    value = a.Mul(value, a.View(a.Select(mask, 1, (g * cells) + k), s[0], 1, points));
                cellValues.Add(a.Unsqueeze(value, 2));
            }
            sampled.Add(a.Cat(2, [.. cellValues]));
        }
        // [N, C, cells, points] times [group, out, C / group * cells].
        long perGroup = s[1] / groups * cells;
        var all = a.View(a.Cat(1, [.. sampled]), s[0], groups, perGroup, points);
        var matrix = a.View(w, groups, weights[0] / groups, perGroup);
        var y = a.View(a.Matmul(a.Expand(a.Unsqueeze(matrix, 0), s[0], groups, weights[0] / groups, perGroup), all), s[0], weights[0], rows, columns);
        return n.Opt(3) is { } bias ? a.Add(y, a.View(bias, weights[0], 1, 1)) : y;
    }
}
