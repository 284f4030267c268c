using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>Operators that XNNPACK has no node for, written as several nodes: reductions over the last dimension, stacking, rolling, mirrored padding, whole-number enlarging, group norm.</summary>
internal static class XnnComposedRules
{
    // Each element of padding is a slice and an argument of a concatenation.
    private const int MaxPadding = 8;

    public static IEnumerable<(string, XnnRule)> Rows
    {
        get
        {
            yield return ("aten::sum.dim_IntList", new XnnRule(
                (n, _) => CheckLastDimension(n, 3),
                (n, b) => LowerLastDimension(n, b, 1)));
            yield return ("aten::stack", new XnnRule(
                (n, _) => n.Output.Spec.IsStatic ? null : "its sizes are dynamic",
                LowerStack,
                IsMove: true));
            yield return ("aten::roll", new XnnRule(
                (n, _) => !n.Output.Spec.IsStatic ? "its sizes are dynamic" : n.Args[1].AsInts().Length == n.Args[2].AsInts().Length ? null : "it rolls over all dimensions as one",
                LowerRoll,
                IsMove: true));
            foreach (int dims in new[] { 1, 2, 3 })
            {
                yield return ($"aten::reflection_pad{dims}d", Mirror((i, size, before) => before ? i + 1 : size - 2 - i));
                yield return ($"aten::replication_pad{dims}d", Mirror((_, size, before) => before ? 0 : size - 1));
            }
            yield return ("aten::upsample_nearest2d.vec", new XnnRule(CheckNearest, LowerNearest));
            yield return ("aten::native_group_norm", new XnnRule(CheckGroupNorm, LowerGroupNorm));
        }
    }

    /// <summary>Null if a reduction is over the last dimension, and in the type of its input.</summary>
    /// <param name="node">Arguments: input, dimensions, keepdim, ….</param>
    /// <param name="dtype">Position of the element type.</param>
    public static string? CheckLastDimension(Node node, int dtype)
    {
        var spec = node.Args[0].AsSpec();
        if (node.Args[1].IsNone || !node.Args[dtype].IsNone || spec.Rank < 2 || spec.Type != ScalarType.Float)
            return "it is no reduction of Float tensors over the last dimension";
        if (node.Args[1].AsInts() is not [var dim] || (dim != -1 && dim != spec.Rank - 1))
            return "it reduces over other dimensions than the last";
        return spec.Sizes[^1].IsStatic && spec.Sizes.Count(s => !s.IsStatic) <= 1 && node.Output.Spec.Rank > 0 ? null : "its sizes are dynamic";
    }

    /// <summary>A sum over the last dimension times a factor: a product with a row of that factor, which XNNPACK computes faster than any of its reductions.</summary>
    public static void LowerLastDimension(Node node, XnnBuilder builder, double factor)
    {
        var dims = XnnBuilder.DimsOf(node.Args[0].AsValue());
        var row = new float[dims[^1]];
        Array.Fill(row, (float)factor);
        uint weight = builder.Constant(Tensor.From<float>(row, 1, row.Length));
        uint x = builder.Id(node.Args[0].AsValue());
        bool keep = node.Args[2].AsBool();
        uint column = keep ? builder.Bind(node.Output) : builder.New(XnnDatatype.Fp32, [.. dims[..^1], 1]);
        builder.Add(new XnnFullyConnectedNode(x, weight, XnnValue.None, column, 0));
        if (!keep)
            XnnShapeRules.Reshape(builder, column, node.Output);
    }

    private static void LowerStack(Node node, XnnBuilder builder)
    {
        var output = node.Output;
        long axis = node.Args[1].AsInt();
        axis = axis < 0 ? axis + output.Spec.Rank : axis;
        uint[] dims = [.. XnnBuilder.DimsOf(output)];
        dims[axis] = 1;
        var parts = new List<uint>();
        foreach (var part in node.Args[0].AsList().Select(a => a.AsValue()))
        {
            uint raised = builder.New(XnnBuilder.TypeOf(output.Spec.Type), dims);
            builder.Add(new XnnReshapeNode((uint)dims.Length, dims, builder.Id(part), raised, 0));
            parts.Add(raised);
        }
        XnnShapeRules.Concatenate(builder, (int)axis, parts, [.. parts.Select(_ => dims)], builder.Bind(output));
    }

    private static void LowerRoll(Node node, XnnBuilder builder)
    {
        var (shifts, axes) = (node.Args[1].AsInts(), node.Args[2].AsInts());
        uint x = builder.Id(node.Args[0].AsValue());
        var dims = XnnBuilder.DimsOf(node.Output);
        var type = XnnBuilder.TypeOf(node.Output.Spec.Type);
        for (int i = 0; i < shifts.Length; i++)
        {
            int axis = (int)(axes[i] < 0 ? axes[i] + dims.Length : axes[i]);
            long size = dims[axis], shift = ((shifts[i] % size) + size) % size;
            bool end = i == shifts.Length - 1;
            uint y = end ? builder.Bind(node.Output) : builder.New(type, dims);
            if (shift == 0)
                builder.Add(new XnnReshapeNode((uint)dims.Length, dims, x, y, 0));
            else
                Concatenate(builder, axis, [Cut(builder, x, type, dims, axis, size - shift, shift), Cut(builder, x, type, dims, axis, 0, size - shift)], y);
            x = y;
        }
    }

    /// <summary>A range of one dimension.</summary>
    private static (uint Id, uint[] Dims) Cut(XnnBuilder builder, uint x, XnnDatatype type, uint[] dims, int axis, long start, long count)
    {
        uint[] sizes = [.. dims], offsets = new uint[dims.Length];
        sizes[axis] = (uint)count;
        offsets[axis] = (uint)start;
        uint cut = builder.New(type, sizes);
        builder.Add(new XnnSliceNode((uint)sizes.Length, offsets, sizes, x, cut, 0));
        return (cut, sizes);
    }

    private static void Concatenate(XnnBuilder builder, int axis, List<(uint Id, uint[] Dims)> parts, uint output) =>
        XnnShapeRules.Concatenate(builder, axis, [.. parts.Select(p => p.Id)], [.. parts.Select(p => p.Dims)], output);

    private static XnnRule Mirror(Func<int, int, bool, int> source) => new(
        (n, _) => !n.Output.Spec.IsStatic ? "its sizes are dynamic"
            : n.Args[1].AsInts().Any(p => p < 0) ? "the padding is negative"
            : n.Args[1].AsInts().Any(p => p > MaxPadding) ? $"it pads by more than {MaxPadding}" : null,
        (n, b) => LowerMirror(n, b, source),
        IsMove: true);

    private static void LowerMirror(Node node, XnnBuilder builder, Func<int, int, bool, int> source)
    {
        var input = node.Args[0].AsValue();
        var padding = node.Args[1].AsInts();
        int rank = input.Spec.Rank;
        bool last = builder.IsChannelsLast(input);
        uint x = last ? builder.LastId(input) : builder.Id(input);
        uint[] dims = [.. last ? ChannelsLast.Of(XnnBuilder.DimsOf(input), 1u) : XnnBuilder.DimsOf(input)];
        var type = XnnBuilder.TypeOf(input.Spec.Type);
        for (int i = 0; i < padding.Length / 2; i++)
        {
            var (before, after) = ((int)padding[2 * i], (int)padding[(2 * i) + 1]);
            int axis = last ? ChannelsLast.Axis(rank, rank - 1 - i) : rank - 1 - i;
            int size = (int)dims[axis];
            var parts = new List<(uint, uint[])>();
            for (int p = before - 1; p >= 0; p--)
                parts.Add(Cut(builder, x, type, dims, axis, source(p, size, true), 1));
            parts.Add((x, dims));
            for (int p = 0; p < after; p++)
                parts.Add(Cut(builder, x, type, dims, axis, source(p, size, false), 1));
            dims = [.. dims];
            dims[axis] = (uint)(size + before + after);
            uint y = i == (padding.Length / 2) - 1 ? builder.Bind(node.Output, last) : builder.New(type, dims);
            Concatenate(builder, axis, parts, y);
            x = y;
        }
    }

    private static string? CheckNearest(Node node, XnnCheck check)
    {
        if (!node.Output.Spec.IsStatic)
            return "its sizes are dynamic";
        var (from, to) = (node.Args[0].AsSpec().Sizes, node.Output.Spec.Sizes);
        for (int i = 2; i < 4; i++)
            if (to[i].Value % from[i].Value != 0 || to[i].Value / from[i].Value > 5)
                return "it does not enlarge by a whole number up to 5";
        return null;
    }

    // [N, H, W, C]: every row, then every column, is repeated along a dimension of its own.
    private static void LowerNearest(Node node, XnnBuilder builder)
    {
        var input = node.Args[0].AsValue();
        var type = XnnBuilder.TypeOf(input.Spec.Type);
        var (from, to) = (ChannelsLast.Of(XnnBuilder.DimsOf(input), 1u), ChannelsLast.Of(XnnBuilder.DimsOf(node.Output), 1u));
        uint[] rows = [from[0], from[1], 1, from[2] * from[3]], columns = [from[0], to[1], from[2], 1, from[3]];
        uint x = Repeat(builder, type, builder.LastId(input), rows, 2, (int)(to[1] / from[1]));
        x = Repeat(builder, type, x, columns, 3, (int)(to[2] / from[2]));
        builder.Add(new XnnReshapeNode(4, to, x, builder.Bind(node.Output, last: true), 0));
    }

    private static uint Repeat(XnnBuilder builder, XnnDatatype type, uint x, uint[] dims, int axis, int count)
    {
        if (count == 1)
            return x;
        uint raised = builder.New(type, dims);
        builder.Add(new XnnReshapeNode((uint)dims.Length, dims, x, raised, 0));
        uint[] sizes = [.. dims];
        sizes[axis] = (uint)count;
        uint repeated = builder.New(type, sizes);
        Concatenate(builder, axis, [.. Enumerable.Repeat((raised, dims), count)], repeated);
        return repeated;
    }

    private static string? CheckGroupNorm(Node node, XnnCheck check)
    {
        if (check.Target < XnnNodeReleases.First(XnnNodeType.ReciprocalSquareRoot))
            return $"the reciprocal square root exists since ExecuTorch 0.6, the target is {check.Target}";
        if (!check.IsUnused(node.Outputs[1]) || !check.IsUnused(node.Outputs[2]))
            return "its mean or deviation is used";
        if (!node.Outputs[0].Spec.IsStatic || node.Outputs[0].Spec.Type != ScalarType.Float || node.Outputs[0].Spec.Rank < 2)
            return "it is no Float tensor of known sizes";
        return (node.Args[1].IsNone || check.IsConstant(node.Args[1])) && (node.Args[2].IsNone || check.IsConstant(node.Args[2])) ? null : "its weight or bias is no constant";
    }

    // Groups of one channel with channels last are normalised by averages over the image; others as rows of [N·G, C/G·HW].
    private static void LowerGroupNorm(Node node, XnnBuilder builder)
    {
        var input = node.Args[0].AsValue();
        var output = node.Outputs[0];
        long channels = output.Spec.Sizes[1].Value, groups = node.Args[6].AsInt();
        float eps = (float)node.Args[7].AsDouble();
        bool last = groups == channels && builder.IsChannelsLast(input);
        uint normal;
        uint[] dims = XnnBuilder.DimsOf(output);
        if (last)
        {
            dims = ChannelsLast.Of(dims, 1u);
            uint[] one = [dims[0], 1, 1, dims[3]];
            normal = builder.New(XnnDatatype.Fp32, dims);
            XnnNormalizationRules.Normalize(builder, builder.LastId(input), dims, one, normal, XnnNormalizationRules.ImageMeans(builder, eps));
        }
        else
        {
            uint batch = dims[0] * (uint)groups, width = (uint)(output.Spec.MaxNumel / batch);
            uint flat = builder.New(XnnDatatype.Fp32, batch, width), flatNormal = builder.New(XnnDatatype.Fp32, batch, width);
            builder.Add(new XnnReshapeNode(2, [batch, width], builder.Id(input), flat, 0));
            XnnNormalizationRules.Normalize(builder, flat, [batch, width], [batch, 1], flatNormal, XnnNormalizationRules.RowMeans(builder, (int)width, eps));
            normal = builder.New(XnnDatatype.Fp32, dims);
            builder.Add(new XnnReshapeNode((uint)dims.Length, dims, flatNormal, normal, 0));
        }
        int[] perChannel = last ? [(int)channels] : [(int)channels, .. Enumerable.Repeat(1, dims.Length - 2)];
        foreach (var (argument, type) in new[] { (node.Args[1], XnnNodeType.Multiply), (node.Args[2], XnnNodeType.Add) })
        {
            if (argument.IsNone)
                continue;
            uint result = builder.New(XnnDatatype.Fp32, dims);
            builder.Add(new XnnBinaryNode(type, normal, builder.Constant(TensorTransforms.Reshape(builder.Known(argument), perChannel)), result, 0));
            normal = result;
        }
        builder.Alias(output, normal, last);
    }
}
