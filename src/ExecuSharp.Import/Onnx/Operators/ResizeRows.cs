using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Resize and Upsample, an axis at a time: a choice of elements, or a product with a matrix of weights.</summary>
internal static class ResizeRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("Upsample", (7, n => [n.Same(Upsample(n, n.Floats("scales") ?? throw n.Bad("attribute scales", "none")))]), (9, n => [n.Same(Upsample(n, [.. n.OptDoubles(1, "the scales")!.Select(s => (float)s)]))])),
        new("Resize", (10, n => [n.Same(Upsample(n, [.. n.OptDoubles(1, "the scales")!.Select(s => (float)s)]))]), (11, n => [n.Same(Resize(n))])),
    ];

    /// <summary>To sizes that are known at run time only: the runtime's own operators.</summary>
    private static Value ResizeDynamic(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        string mode = n.Text("mode", "nearest"), coordinates = n.Text("coordinate_transformation_mode", "half_pixel");
        Dim[] wanted;
        if (n.Has(3))
            wanted = n.DimsOf(3, "the sizes");
        else
            wanted = [.. n.OptDoubles(2, "the scales")!.Zip(x.Spec.Sizes, (f, d) => f == Math.Floor(f) ? d * (long)f : throw n.Unsupported("scales that are no whole numbers, along dynamic sizes"))];
        if (n.Ints("axes") is { } axes)
        {
            var all = x.Spec.Sizes.ToArray();
            foreach (var (axis, size) in n.Axes(axes, all.Length).Zip(wanted))
                all[axis] = size;
            wanted = all;
        }
        bool linear = mode == "linear" && coordinates is "half_pixel" or "align_corners" or "pytorch_half_pixel";
        bool nearest = mode == "nearest" && coordinates == "asymmetric" && n.Text("nearest_mode", "round_prefer_floor") == "floor";
        if (x.Spec.Rank != 4 || wanted[0] != x.Spec.Sizes[0] || wanted[1] != x.Spec.Sizes[1] || !(linear || nearest) || n.Flag("antialias") || n.Flag("exclude_outside"))
            throw n.Unsupported("a resize to dynamic sizes other than linear, or nearest with asymmetric coordinates and floor, of an image");
        Argument[] output = [a.SizeArgument(wanted[2], a.Builder.Inputs), a.SizeArgument(wanted[3], a.Builder.Inputs)];
        return linear
            ? a.Call("aten::upsample_bilinear2d.vec", x, output, coordinates == "align_corners", Argument.None)
            : a.Call("aten::upsample_nearest2d.vec", x, output, Argument.None);
    }

    private static Value Upsample(OnnxNode n, float[] scales)
    {
        int[] axes = [.. Enumerable.Range(0, n.Rank())];
        long[] sizes = Aten.Sizes(n.X);
        if (scales.Length != sizes.Length)
            throw n.Bad($"{sizes.Length} scales", $"{scales.Length}");
        var all = axes.Select(d => new ResizeAxis((int)sizes[d], Output(n, sizes[d], scales[d]), scales[d])
        {
            Mode = n.Text("mode", "nearest"),
            Coordinates = "asymmetric",
            // Without a choice in the node, shrinking takes the next element up.
            Nearest = scales[d] < 1 ? "ceil" : "floor",
        });
        return Apply(n, axes, [.. all]);
    }

    private static int Output(OnnxNode n, long size, double scale) => scale > 0 && Math.Floor(size * scale) is var o && o <= int.MaxValue ? (int)o : throw n.Bad("scales above 0", $"{scale}");

    private static Value Resize(OnnxNode n)
    {
        if (!n.X.Spec.IsStatic || (n.Has(3) && n.Any(3) is OnnxValue.OfDims))
            return ResizeDynamic(n);
        long[] sizes = Aten.Sizes(n.X);
        int rank = sizes.Length;
        int[] axes = n.Axes(n.Ints("axes") ?? [.. Enumerable.Range(0, rank).Select(i => (long)i)], rank);
        double[] roi = n.OptDoubles(1, "the region") ?? [];
        double[] scales = n.OptDoubles(2, "the scales") ?? [];
        long[] wanted = n.OptLongs(3, "the sizes") ?? [];
        if ((scales.Length == 0 ? wanted.Length : scales.Length) != axes.Length)
            throw n.Bad($"{axes.Length} scales or sizes", $"{scales.Length} and {wanted.Length}");
        double[] factors = [.. axes.Select((d, i) => scales.Length > 0 ? scales[i] : (double)wanted[i] / sizes[d])];
        string policy = n.Text("keep_aspect_ratio_policy", "stretch");
        if (scales.Length == 0 && policy != "stretch")
        {
            double one = policy == "not_larger" ? factors.Min() : factors.Max();
            factors = [.. factors.Select(_ => one)];
            wanted = [.. axes.Select(d => (long)Math.Floor((one * sizes[d]) + 0.5))];
        }
        string coordinates = n.Text("coordinate_transformation_mode", "half_pixel");
        bool crop = coordinates == "tf_crop_and_resize";
        if (crop && roi.Length != 2 * axes.Length)
            throw n.Bad($"a region of {2 * axes.Length} numbers", $"{roi.Length}");
        var all = axes.Select((d, i) => new ResizeAxis((int)sizes[d], scales.Length > 0 ? Output(n, sizes[d], factors[i]) : checked((int)wanted[i]), factors[i])
        {
            Mode = n.Text("mode", "nearest"),
            Coordinates = coordinates,
            Nearest = n.Text("nearest_mode", "round_prefer_floor"),
            CubicCoefficient = n.Float("cubic_coeff_a", -0.75f),
            ExcludeOutside = n.Flag("exclude_outside"),
            Antialias = n.Flag("antialias"),
            RoiStart = crop ? roi[i] : 0,
            RoiEnd = crop ? roi[i + axes.Length] : 1,
        });
        return Apply(n, axes, [.. all], n.Float("extrapolation_value", 0));
    }

    private static Value Apply(OnnxNode n, int[] axes, ResizeAxis[] plans, double extrapolation = 0)
    {
        var a = n.Aten;
        var x = n.X;
        if (Native(a, x, axes, plans) is { } native)
            return native;
        var type = x.Spec.Type;
        bool chooses = Array.TrueForAll(plans, p => p.IsChoice);
        if (!chooses && type is not (ScalarType.Float or ScalarType.Double))
            x = a.Cast(x, ScalarType.Float);
        Value? outside = null;
        for (int i = 0; i < axes.Length; i++)
        {
            var plan = plans[i];
            if (plan.IsIdentity)
                continue;
            x = plan.IsChoice ? a.IndexSelect(x, axes[i], a.Constant(plan.Choice())) : Weigh(a, x, axes[i], plan);
            if (plan.Outside() is { } flags)
            {
                long[] shape = [.. Enumerable.Repeat(1L, x.Spec.Rank)];
                shape[axes[i]] = flags.Length;
                var along = a.View(a.Constant(Tensor.From<bool>(flags, flags.Length)), shape);
                outside = outside is null ? along : a.Or(outside, along);
            }
        }
        if (outside is not null)
            x = a.Where(outside, extrapolation, x);
        if (x.Spec.Type != type && !type.IsFloating())
            x = a.Round(x);
        return a.Cast(x, type);
    }

    private static Value Weigh(Aten a, Value x, int axis, ResizeAxis plan)
    {
        int rank = x.Spec.Rank;
        var weights = a.Cast(a.Floats(plan.Weights(), plan.Input, plan.Output), x.Spec.Type);
        var last = a.Transpose(x, axis, rank - 1);
        long[] sizes = Aten.Sizes(last);
        var product = a.Call("aten::mm", a.View(last, sizes[..^1].Aggregate(1L, (p, s) => p * s), plan.Input), weights);
        return a.Transpose(a.View(product, [.. sizes[..^1], plan.Output]), axis, rank - 1);
    }

    /// <summary>The runtime's own operators where they do the same.</summary>
    private static Value? Native(Aten a, Value x, int[] axes, ResizeAxis[] plans)
    {
        var moved = axes.Zip(plans).Where(p => !p.Second.IsIdentity).ToArray();
        if (x.Spec.Rank != 4 || !x.Spec.Type.IsFloating() || moved.Length == 0 || moved.Any(m => m.First < 2) || !axes.Contains(2) || !axes.Contains(3))
            return null;
        var height = plans[Array.IndexOf(axes, 2)];
        var width = plans[Array.IndexOf(axes, 3)];
        long[] output = [height.Output, width.Output];
        if (height.IsRuntimeNearest && width.IsRuntimeNearest)
            return a.Call("aten::upsample_nearest2d.vec", x, output, Argument.None);
        if (height.IsRuntimeLinear && width.IsRuntimeLinear)
            return a.Call("aten::upsample_bilinear2d.vec", x, output, height.Coordinates == "align_corners", Argument.None);
        return null;
    }
}
