using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>Reshape, transpose, slice, join, pad.</summary>
internal static class XnnShapeRules
{
    public static IEnumerable<(string, XnnRule)> Rows
    {
        get
        {
            yield return ("aten::view_copy", Reshape());
            yield return ("aten::unsqueeze_copy", Reshape());
            yield return ("aten::squeeze_copy.dim", Reshape());
            yield return ("aten::squeeze_copy.dims", Reshape());
            yield return ("aten::clone", Reshape());
            yield return ("aten::alias_copy", Reshape());
            yield return ("aten::permute_copy", Transpose(n => [.. n.Args[1].AsInts().Select(d => Wrap(d, n))]));
            yield return ("aten::t_copy", Transpose(n => n.Output.Spec.Rank == 2 ? [1, 0] : [0]));
            yield return ("aten::transpose_copy.int", Transpose(Swap));
            yield return ("aten::slice_copy.Tensor", new XnnRule(CheckSlice, LowerSlice, IsMove: true));
            yield return ("aten::select_copy.int", new XnnRule(
                (n, _) => n.Args[0].AsSpec().IsStatic && n.Args[2].IsInt && n.Output.Spec.Rank > 0 ? null : "its sizes are dynamic, or it gives a single element",
                LowerSelect,
                IsMove: true));
            yield return ("aten::split_with_sizes_copy", new XnnRule(
                (n, _) => n.Args[0].AsSpec().IsStatic ? null : "its sizes are dynamic", LowerSplit, IsMove: true));
            yield return ("aten::split_copy.Tensor", new XnnRule(
                (n, _) => n.Args[0].AsSpec().IsStatic ? null : "its sizes are dynamic", LowerSplit, IsMove: true));
            yield return ("aten::cat", new XnnRule(
                (n, _) => n.Args[0].AsList().Count < 1 ? "it joins nothing" : n.Args[0].AsList().Any(a => a.AsSpec().Rank != n.Output.Spec.Rank) ? "its tensors have different ranks" : null,
                LowerCat,
                IsMove: true));
            yield return ("aten::constant_pad_nd", new XnnRule(
                (n, _) => n.Args[1].AsInts().Any(p => p < 0) ? "the padding is negative" : n.Output.Spec.Rank == 0 ? "it has no dimension" : null,
                LowerPad));
            yield return ("aten::expand_copy", new XnnRule(
                (n, _) => n.Args[0].AsSpec().MaxNumel == n.Output.Spec.MaxNumel && n.Output.Spec.IsStatic ? null : "it repeats data",
                LowerReshape,
                IsMove: true));
        }
    }

    private static XnnRule Reshape() => new(
        (n, _) => XnnBuilder.CanReshape(n.Output) && n.Output.Spec.Rank > 0 ? null : "more than one of its sizes is dynamic, or it has no dimension",
        LowerReshape,
        IsMove: true);

    private static void LowerReshape(Node node, XnnBuilder builder)
    {
        var input = node.Args[0].AsValue();
        if (builder.IsChannelsLast(input) && OnlyAddsHeight(input, node.Output))
        {
            builder.Alias(node.Output, builder.LastId(input), last: true);
            return;
        }
        Reshape(builder, builder.Id(input), node.Output);
    }

    /// <summary>Gives a value the sizes of a graph value, of which one may be dynamic, and binds it.</summary>
    public static void Reshape(XnnBuilder builder, uint x, Value output)
    {
        var shape = XnnBuilder.Shape(output);
        builder.Add(new XnnReshapeNode((uint)shape.Length, shape, x, builder.Bind(output), 0));
    }

    // [N, C, L] and [N, C, 1, L] are the same with channels last.
    private static bool OnlyAddsHeight(Value input, Value output) =>
        ChannelsLast.Has(input.Spec.Rank) && ChannelsLast.Has(output.Spec.Rank) && input.Spec.IsStatic && output.Spec.IsStatic
        && ChannelsLast.Of(XnnBuilder.DimsOf(input), 1u).AsSpan().SequenceEqual(ChannelsLast.Of(XnnBuilder.DimsOf(output), 1u));

    private static XnnRule Transpose(Func<Node, uint[]> order) => new(
        (n, _) => n.Output.Spec.Rank > 0 ? null : "it has no dimension",
        (n, b) => LowerTranspose(n, b, order(n)),
        IsMove: true);

    private static void LowerTranspose(Node node, XnnBuilder builder, uint[] order)
    {
        var input = node.Args[0].AsValue();
        if (order is [0, 2, 3, 1] && builder.IsChannelsLast(input))
            builder.Alias(node.Output, builder.LastId(input));
        else if (order is [0, 2, 1] && builder.IsChannelsLast(input))
            builder.Alias(node.Output, builder.Rows(input, builder.LastId(input)));
        else if (order is [0, 3, 1, 2])
            builder.Alias(node.Output, builder.Id(input), last: true);
        else if (order is [0, 2, 1] && XnnBuilder.CanReshape(node.Output) && builder.FeedsConvolution(node.Output))
            builder.Add(new XnnReshapeNode(4, ChannelsLast.Of(XnnBuilder.Shape(node.Output), 1u), builder.Id(input), builder.Bind(node.Output, last: true), 0));
        else
            builder.Add(new XnnTransposeNode((uint)order.Length, order, builder.Id(input), builder.Bind(node.Output), 0));
    }

    private static uint[] Swap(Node node)
    {
        var order = Enumerable.Range(0, node.Output.Spec.Rank).Select(i => (uint)i).ToArray();
        uint a = Wrap(node.Args[1].AsInt(), node), b = Wrap(node.Args[2].AsInt(), node);
        (order[a], order[b]) = (order[b], order[a]);
        return order;
    }

    private static uint Wrap(long dim, Node node) => (uint)(dim < 0 ? dim + node.Args[0].AsSpec().Rank : dim);

    private static string? CheckSlice(Node node, XnnCheck check)
    {
        if (!node.Args[0].AsSpec().IsStatic || !node.Output.Spec.IsStatic)
            return "its sizes are dynamic";
        if (node.Args[2].IsValue || node.Args[3].IsValue)
            return "its bounds are known only at run time";
        return node.Args[4].AsInt() is var step && (step == 1 || (node.Args[0].AsSpec().Sizes[(int)Wrap(node.Args[1].AsInt(), node)].Value % step == 0 && node.Output.Spec.Rank < 6)) ? null : "its step does not divide the size";
    }

    private static void LowerSlice(Node node, XnnBuilder builder)
    {
        var input = node.Args[0].AsValue();
        int dim = (int)Wrap(node.Args[1].AsInt(), node);
        long size = input.Spec.Sizes[dim].Value;
        long start = node.Args[2].IsNone ? 0 : node.Args[2].AsInt();
        start = Math.Clamp(start < 0 ? start + size : start, 0, size);
        if (node.Args[4].AsInt() is > 1 and var step)
        {
            SliceByStep(node, builder, dim, start, (int)step);
            return;
        }
        bool last = builder.IsChannelsLast(input);
        Slice(builder, last ? builder.LastId(input) : builder.Id(input), builder.Bind(node.Output, last), node.Output, dim, start, last);
    }

    // [..., S, ...] is [..., S / step, step, ...]: one place of the new dimension, and the rows that the result has.
    private static void SliceByStep(Node node, XnnBuilder builder, int dim, long start, int step)
    {
        var dims = XnnBuilder.DimsOf(node.Args[0].AsValue());
        uint[] split = [.. dims[..dim], dims[dim] / (uint)step, (uint)step, .. dims[(dim + 1)..]], sizes = [.. split], offsets = new uint[split.Length];
        (offsets[dim], offsets[dim + 1]) = ((uint)(start / step), (uint)(start % step));
        (sizes[dim], sizes[dim + 1]) = (XnnBuilder.DimsOf(node.Output)[dim], 1);
        uint x = builder.Id(node.Args[0].AsValue()), raised = builder.NewLike(x, split), slice = builder.NewLike(x, sizes);
        builder.Add(new XnnReshapeNode((uint)split.Length, split, x, raised, 0));
        builder.Add(new XnnSliceNode((uint)sizes.Length, offsets, sizes, raised, slice, 0));
        Reshape(builder, slice, node.Output);
    }

    private static void Slice(XnnBuilder builder, uint x, uint y, Value output, int dim, long start, bool last)
    {
        var sizes = XnnBuilder.DimsOf(output);
        var offsets = new uint[sizes.Length];
        offsets[dim] = (uint)start;
        if (last)
        {
            sizes = ChannelsLast.Of(sizes, 1u);
            offsets = ChannelsLast.Of(offsets, 0u);
        }
        builder.Add(new XnnSliceNode((uint)sizes.Length, offsets, sizes, x, y, 0));
    }

    private static void LowerSelect(Node node, XnnBuilder builder)
    {
        var input = node.Args[0].AsValue();
        int dim = (int)Wrap(node.Args[1].AsInt(), node);
        long index = node.Args[2].AsInt();
        var sizes = XnnBuilder.DimsOf(input);
        var offsets = new uint[sizes.Length];
        offsets[dim] = (uint)(index < 0 ? index + sizes[dim] : index);
        sizes = [.. sizes];
        sizes[dim] = 1;
        uint slice = builder.New(input, sizes);
        builder.Add(new XnnSliceNode((uint)sizes.Length, offsets, sizes, builder.Id(input), slice, 0));
        var shape = XnnBuilder.DimsOf(node.Output);
        builder.Add(new XnnReshapeNode((uint)shape.Length, shape, slice, builder.Bind(node.Output), 0));
    }

    private static void LowerSplit(Node node, XnnBuilder builder)
    {
        var input = node.Args[0].AsValue();
        int dim = (int)Wrap(node.Args[2].AsInt(), node);
        bool last = builder.IsChannelsLast(input);
        uint x = last ? builder.LastId(input) : builder.Id(input);
        long start = 0;
        foreach (var output in node.Outputs)
        {
            Slice(builder, x, builder.Bind(output, last), output, dim, start, last);
            start += output.Spec.Sizes[dim].Value;
        }
    }

    private static void LowerCat(Node node, XnnBuilder builder)
    {
        var inputs = node.Args[0].AsList().Select(a => a.AsValue()).ToList();
        long axis = node.Args[1].AsInt();
        axis = axis < 0 ? axis + node.Output.Spec.Rank : axis;
        bool last = ChannelsLast.Has(node.Output.Spec.Rank) && inputs.Any(builder.IsChannelsLast);
        if (last)
            axis = ChannelsLast.Axis(node.Output.Spec.Rank, (int)axis);
        var ids = inputs.Select(i => last ? builder.LastId(i) : builder.Id(i)).ToList();
        var dims = inputs.Select(i => XnnBuilder.DimsOf(i)).Select(d => last ? ChannelsLast.Of(d, 1u) : d).ToList();
        Concatenate(builder, (int)axis, ids, dims, builder.Bind(node.Output, last));
    }

    /// <summary>Joins values along a dimension, as many at once as the target's nodes take.</summary>
    public static void Concatenate(XnnBuilder builder, int axis, List<uint> ids, List<uint[]> dims, uint output)
    {
        if (ids.Count == 1)
        {
            builder.Add(new XnnReshapeNode((uint)dims[0].Length, dims[0], ids[0], output, 0));
            return;
        }
        int most = builder.Target >= XnnNodeReleases.First(XnnNodeType.Concatenate5) ? 5 : 4;
        while (ids.Count > most)
        {
            uint[] joined = [.. dims[0]];
            joined[axis] = (uint)dims.Take(most).Sum(d => d[axis]);
            uint partial = builder.NewLike(output, joined);
            Join(builder, axis, ids[..most], partial);
            ids.RemoveRange(0, most);
            dims.RemoveRange(0, most);
            ids.Insert(0, partial);
            dims.Insert(0, joined);
        }
        Join(builder, axis, ids, output);
    }

    private static void Join(XnnBuilder builder, long axis, List<uint> ids, uint output)
    {
        var type = ids.Count switch
        {
            2 => XnnNodeType.Concatenate2,
            3 => XnnNodeType.Concatenate3,
            4 => XnnNodeType.Concatenate4,
            _ => XnnNodeType.Concatenate5,
        };
        uint[] slots = [.. ids, .. Enumerable.Repeat(XnnValue.None, 5 - ids.Count)];
        builder.Add(new XnnConcatenateNode(type, (uint)axis, slots, output, 0));
    }

    private static void LowerPad(Node node, XnnBuilder builder)
    {
        var input = node.Args[0].AsValue();
        var padding = node.Args[1].AsInts();
        int rank = input.Spec.Rank;
        uint[] pre = new uint[rank], post = new uint[rank];
        for (int i = 0; i < padding.Length / 2; i++)
        {
            pre[rank - 1 - i] = (uint)padding[2 * i];
            post[rank - 1 - i] = (uint)padding[(2 * i) + 1];
        }
        bool last = builder.IsChannelsLast(input);
        if (last)
        {
            pre = ChannelsLast.Of(pre, 0u);
            post = ChannelsLast.Of(post, 0u);
        }
        uint x = last ? builder.LastId(input) : builder.Id(input);
        builder.Add(new XnnPadNode(pre, post, node.Args[2].AsScalar().ToFloat(), x, builder.Bind(node.Output, last), 0));
    }
}
