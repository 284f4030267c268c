using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Resampling;

/// <summary>Upsampling and downsampling: the two-dimensional kernels of the runtime where they fit, else weighted sums of selected elements.</summary>
internal static class ResampleDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::upsample_nearest1d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor", (b, a) => Nearest(b, Vec(a, 1), exact: false)),
        One("aten::upsample_nearest3d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor", (b, a) => Nearest(b, Vec(a, 3), exact: false)),
        One("aten::_upsample_nearest_exact1d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor", (b, a) => Nearest(b, Vec(a, 1), exact: true)),
        One("aten::_upsample_nearest_exact2d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor", (b, a) => Nearest(b, Vec(a, 2), exact: true)),
        One("aten::_upsample_nearest_exact3d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor", (b, a) => Nearest(b, Vec(a, 3), exact: true)),
        One("aten::upsample_nearest1d(Tensor self, SymInt[1] output_size, float? scales=None) -> Tensor", (b, a) => Nearest(b, Sized(a, 2), exact: false)),
        One("aten::upsample_nearest2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor", Nearest2d),
        One("aten::upsample_nearest3d(Tensor self, SymInt[3] output_size, float? scales_d=None, float? scales_h=None, float? scales_w=None) -> Tensor", (b, a) => Nearest(b, Sized(a, 2), exact: false)),
        One("aten::_upsample_nearest_exact1d(Tensor self, SymInt[1] output_size, float? scales=None) -> Tensor", (b, a) => Nearest(b, Sized(a, 2), exact: true)),
        One("aten::_upsample_nearest_exact2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor", (b, a) => Nearest(b, Sized(a, 2), exact: true)),
        One("aten::upsample_linear1d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor", (b, a) => Linear(b, Vec([a[0], a[1], a[3]], 1), a[2].AsBool())),
        One("aten::upsample_trilinear3d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor", (b, a) => Linear(b, Vec([a[0], a[1], a[3]], 3), a[2].AsBool())),
        One("aten::upsample_linear1d(Tensor self, SymInt[1] output_size, bool align_corners, float? scales=None) -> Tensor", (b, a) => Linear(b, Sized(a, 3), a[2].AsBool())),
        One("aten::upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor", Bilinear2d),
        One("aten::upsample_trilinear3d(Tensor self, SymInt[3] output_size, bool align_corners, float? scales_d=None, float? scales_h=None, float? scales_w=None) -> Tensor", (b, a) => Linear(b, Sized(a, 3), a[2].AsBool())),
        One("aten::upsample_bicubic2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor", (b, a) => Cubic(b, Vec([a[0], a[1], a[3]], 2), a[2].AsBool())),
        One("aten::upsample_bicubic2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor", (b, a) => Cubic(b, Sized(a, 3), a[2].AsBool())),
        One("aten::_upsample_bicubic2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor", (b, a) => Smooth(b, Vec([a[0], a[1], a[3]], 2), a[2].AsBool(), cubic: true)),
        One("aten::_upsample_bicubic2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor", (b, a) => Smooth(b, Sized(a, 3), a[2].AsBool(), cubic: true)),
        One("aten::_upsample_bilinear2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor", (b, a) => Smooth(b, Vec([a[0], a[1], a[3]], 2), a[2].AsBool(), cubic: false)),
    ];

    private static ResampleSizes Vec(IReadOnlyList<Argument> a, int dims) => ResampleSizes.Of(a[0].AsValue(), dims, a[1], a[2].IsNone ? null : [.. a[2].AsList().Select(s => (double?)s.AsDouble())]);

    private static ResampleSizes Sized(IReadOnlyList<Argument> a, int scales) =>
        ResampleSizes.Of(a[0].AsValue(), a[1].AsList().Count, a[1], [.. a.Skip(scales).Select(s => s.IsNone ? (double?)null : s.AsDouble())]);

    /// <summary><c>upsample_nearest2d.vec</c> without its kernel: an index of each dimension.</summary>
    public static Value NearestByIndex(IGraphBuilder b, IReadOnlyList<Argument> a) => Nearest(b, Vec(a, 2), exact: false);

    /// <summary><c>upsample_bilinear2d.vec</c> without its kernel: weighted sums along each dimension.</summary>
    public static Value LinearByWeights(IGraphBuilder b, IReadOnlyList<Argument> a) => Linear(b, Vec([a[0], a[1], a[3]], 2), a[2].AsBool());

    private static Value Nearest2d(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        if (a[2].IsNone && a[3].IsNone)
            return b.Call1("aten::upsample_nearest2d.vec", a[0], a[1], Argument.None);
        var sizes = Sized(a, 2);
        return sizes.ScalesGiveSizes ? b.Call1("aten::upsample_nearest2d.vec", a[0], Argument.None, (Argument[])[a[2], a[3]]) : Nearest(b, sizes, exact: false);
    }

    private static Value Bilinear2d(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        if (a[3].IsNone && a[4].IsNone)
            return b.Call1("aten::upsample_bilinear2d.vec", a[0], a[1], a[2], Argument.None);
        var sizes = Sized(a, 3);
        return sizes.ScalesGiveSizes ? b.Call1("aten::upsample_bilinear2d.vec", a[0], Argument.None, a[2], (Argument[])[a[3], a[4]]) : Linear(b, sizes, a[2].AsBool());
    }

    private static Value Nearest(IGraphBuilder b, ResampleSizes sizes, bool exact)
    {
        var x = sizes.Input;
        for (int i = 0; i < sizes.Dimensions; i++)
        {
            int input = sizes.From(i), output = sizes.To[i];
            // PyTorch computes the place in single precision.
            float scale = sizes.Ratio(i);
            var places = new long[output];
            for (int o = 0; o < output; o++)
                places[o] = Math.Min((long)MathF.Floor(exact ? (o + 0.5f) * scale : o * scale), input - 1);
            if (!places.SequenceEqual(Enumerable.Range(0, input).Select(p => (long)p)))
                x = b.IndexSelect(x, 2 + i, places);
        }
        return x;
    }

    private static Value Linear(IGraphBuilder b, ResampleSizes sizes, bool align)
    {
        var x = sizes.Input;
        for (int i = 0; i < sizes.Dimensions; i++)
        {
            int input = sizes.From(i);
            var taps = new ResampleTaps(sizes.To[i], 2);
            for (int o = 0; o < sizes.To[i]; o++)
            {
                float place = sizes.Place(i, o, align, clampAtZero: true);
                int low = Math.Min((int)place, input - 1);
                float weight = Math.Min(place - low, 1f);
                taps.Set(o, 0, low, 1 - weight);
                taps.Set(o, 1, Math.Min(low + 1, input - 1), weight);
            }
            x = taps.Apply(b, x, 2 + i);
        }
        return x;
    }

    private static Value Cubic(IGraphBuilder b, ResampleSizes sizes, bool align)
    {
        const double A = -0.75;
        var x = sizes.Input;
        for (int i = sizes.Dimensions - 1; i >= 0; i--)
        {
            int input = sizes.From(i);
            var taps = new ResampleTaps(sizes.To[i], 4);
            for (int o = 0; o < sizes.To[i]; o++)
            {
                float place = sizes.Place(i, o, align, clampAtZero: false);
                float floor = MathF.Floor(place);
                double t = place - floor;
                double[] weights = [Outer(t + 1, A), Inner(t, A), Inner(1 - t, A), Outer(2 - t, A)];
                for (int k = 0; k < 4; k++)
                    taps.Set(o, k, Math.Clamp((int)floor - 1 + k, 0, input - 1), weights[k]);
            }
            x = taps.Apply(b, x, 2 + i);
        }
        return x;
    }

    /// <summary>With antialiasing: the filter is stretched when the image shrinks.</summary>
    private static Value Smooth(IGraphBuilder b, ResampleSizes sizes, bool align, bool cubic)
    {
        var x = sizes.Input;
        for (int i = sizes.Dimensions - 1; i >= 0; i--)
        {
            int input = sizes.From(i), output = sizes.To[i];
            double scale = align ? (output > 1 ? (input - 1.0) / (output - 1) : 0) : sizes.Ratio(i);
            double stretch = Math.Max(scale, 1), support = (cubic ? 2 : 1) * stretch;
            var rows = new (int Start, double[] Weights)[output];
            for (int o = 0; o < output; o++)
            {
                double center = scale * (o + 0.5);
                int start = Math.Max((int)(center - support + 0.5), 0), end = Math.Min((int)(center + support + 0.5), input);
                double[] weights = [.. Enumerable.Range(start, Math.Max(end - start, 0)).Select(p => Filter((p - center + 0.5) / stretch, cubic))];
                double total = weights.Sum();
                rows[o] = (start, total == 0 ? weights : Array.ConvertAll(weights, w => w / total));
            }
            var taps = new ResampleTaps(output, Math.Max(rows.Max(r => r.Weights.Length), 1));
            for (int o = 0; o < output; o++)
                for (int k = 0; k < rows[o].Weights.Length; k++)
                    taps.Set(o, k, rows[o].Start + k, rows[o].Weights[k]);
            x = taps.Apply(b, x, 2 + i);
        }
        return x;
    }

    private static double Filter(double x, bool cubic)
    {
        x = Math.Abs(x);
        if (!cubic)
            return x < 1 ? 1 - x : 0;
        return x < 1 ? Inner(x, -0.5) : x < 2 ? Outer(x, -0.5) : 0;
    }

    /// <summary>The cubic convolution kernel at distances up to 1.</summary>
    private static double Inner(double x, double a) => ((((a + 2) * x) - (a + 3)) * x * x) + 1;

    /// <summary>The cubic convolution kernel at distances from 1 to 2.</summary>
    private static double Outer(double x, double a) => ((((a * x) - (5 * a)) * x + (8 * a)) * x) - (4 * a);
}
