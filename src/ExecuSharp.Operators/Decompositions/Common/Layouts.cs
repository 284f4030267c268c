using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Layout;

namespace ExecuSharp.Operators.Decompositions.Common;

/// <summary>Short spellings of layout operators. What would change nothing adds nothing.</summary>
internal static class Layouts
{
    public static int Wrap(Value x, long dim) => Specs.WrapDim(dim, x.Spec.Rank);

    /// <summary>Sizes of a tensor as arguments: literals where fixed, else read at run time.</summary>
    public static Argument[] Sizes(this IGraphBuilder b, Value x) => [.. Enumerable.Range(0, x.Spec.Rank).Select(d => b.SizeOf(x, d))];

    /// <summary>The same elements in other sizes. Fixed sizes are written as numbers, a single run-time size as -1.</summary>
    public static Value View(this IGraphBuilder b, Value x, params Argument[] sizes)
    {
        var given = (Argument[])sizes.Clone();
        if (Target(x, given) is { } target)
        {
            if (target.AsSpan().SequenceEqual(x.Spec.Sizes))
                return x;
            for (int i = 0; i < given.Length; i++)
                if (target[i].IsStatic)
                    given[i] = target[i].Value;
        }
        int dynamic = Array.FindIndex(given, s => s.IsValue);
        if (dynamic >= 0 && Array.FindLastIndex(given, s => s.IsValue) == dynamic && given.All(s => !s.IsInt || s.AsInt() > 0))
            given[dynamic] = -1;
        return b.Call1("aten::view_copy", x, given);
    }

    /// <summary>The sizes with -1 resolved, or null if one is not known as an expression.</summary>
    private static Dim[]? Target(Value x, Argument[] sizes)
    {
        if (sizes.Any(s => s.IsValue && s.AsValue().Size is null))
            return null;
        var target = Array.ConvertAll(sizes, s => s.AsDim());
        int inferred = Array.FindIndex(target, d => d is { IsStatic: true, Value: -1 });
        if (inferred < 0)
            return target;
        Dim[] others = [.. target[..inferred], .. target[(inferred + 1)..]];
        if (others.Any(d => d.Value == 0) || others.Any(d => d.Value < 0))
            return null;
        target[inferred] = ViewShapes.Quotient(x.Spec.Sizes, others);
        return target;
    }

    public static Value Permute(this IGraphBuilder b, Value x, params ReadOnlySpan<int> dims)
    {
        var order = new long[dims.Length];
        bool identity = true;
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = Wrap(x, dims[i]);
            identity &= order[i] == i;
        }
        return identity ? x : b.Call1("aten::permute_copy", x, order);
    }

    /// <summary>Swaps two dimensions.</summary>
    public static Value Swap(this IGraphBuilder b, Value x, long dim0, long dim1)
    {
        if (x.Spec.Rank < 2)
            return x;
        var order = Enumerable.Range(0, x.Spec.Rank).ToArray();
        (order[Wrap(x, dim0)], order[Wrap(x, dim1)]) = (order[Wrap(x, dim1)], order[Wrap(x, dim0)]);
        return b.Permute(x, order);
    }

    public static Value Unsqueeze(this IGraphBuilder b, Value x, long dim) => b.Call1("aten::unsqueeze_copy", x, Specs.WrapDim(dim, x.Spec.Rank + 1));

    /// <summary>Removes dimensions if their size is 1.</summary>
    public static Value Squeeze(this IGraphBuilder b, Value x, params ReadOnlySpan<long> dims)
    {
        var ones = new List<long>();
        foreach (long d in dims)
            if (x.Spec.Rank > 0 && x.Spec.Sizes[Wrap(x, d)] is { IsStatic: true, Value: 1 })
                ones.Add(Wrap(x, d));
        return ones.Count == 0 ? x : b.Call1("aten::squeeze_copy.dims", x, ones.Distinct().ToArray());
    }

    public static Value Expand(this IGraphBuilder b, Value x, params Argument[] sizes)
    {
        int lead = sizes.Length - x.Spec.Rank;
        bool same = lead == 0;
        for (int i = 0; same && i < sizes.Length; i++)
            same = (sizes[i].IsInt && sizes[i].AsInt() == -1) || SameSize(sizes[i], x.Spec.Sizes[i]);
        return same ? x : b.Call1("aten::expand_copy", x, sizes);
    }

    public static Value ExpandAs(this IGraphBuilder b, Value x, Value other) => b.Expand(x, b.Sizes(other));

    /// <summary>Elements start, start + step, … before end along a dimension.</summary>
    public static Value Slice(this IGraphBuilder b, Value x, long dim, Argument start, Argument end, long step = 1)
    {
        int d = Wrap(x, dim);
        bool whole = step == 1 && (start.IsNone || (start.IsInt && start.AsInt() == 0))
            && (end.IsNone || (end.IsInt && ((x.Spec.Sizes[d].IsStatic && end.AsInt() >= x.Spec.Sizes[d].Value) || end.AsInt() == long.MaxValue)));
        return whole ? x : b.Call1("aten::slice_copy.Tensor", x, d, start, end, step);
    }

    public static Value Select(this IGraphBuilder b, Value x, long dim, Argument index) => b.Call1("aten::select_copy.int", x, Wrap(x, dim), index);

    public static Value Cat(this IGraphBuilder b, IReadOnlyList<Value> parts, long dim) =>
        parts.Count == 1 ? parts[0] : b.Call1("aten::cat", parts.ToArray(), dim);

    public static Value Stack(this IGraphBuilder b, IReadOnlyList<Value> parts, long dim) => b.Call1("aten::stack", parts.ToArray(), dim);

    public static Value Flip(this IGraphBuilder b, Value x, params long[] dims) => b.Call1("aten::flip", x, dims);

    public static Value IndexSelect(this IGraphBuilder b, Value x, long dim, params long[] indices) =>
        b.Call1("aten::index_select", x, Wrap(x, dim), b.Constant(Constants.Longs(indices)));

    /// <summary>Brings tensors to the sizes that they broadcast to.</summary>
    public static Value[] Broadcast(this IGraphBuilder b, params Value[] tensors)
    {
        Dim[] sizes = [];
        foreach (var t in tensors)
            sizes = ShapeRules.Broadcast(sizes, t.Spec.Sizes);
        var target = new Argument[sizes.Length];
        for (int i = 0; i < target.Length; i++)
            target[i] = sizes[i].IsStatic ? sizes[i].Value : b.RuntimeSize(sizes[i], tensors);
        return Array.ConvertAll(tensors, t => b.Expand(t, target));
    }

    /// <summary>Sizes as arguments; dynamic ones are read from the tensors that have them.</summary>
    public static Argument[] Arguments(this IGraphBuilder b, Value source, Dim[] sizes) =>
        Array.ConvertAll(sizes, s => s.IsStatic ? (Argument)s.Value : b.RuntimeSize(s, source));

    /// <summary>The product of sizes from one dimension to another (inclusive).</summary>
    public static Argument Product(this IGraphBuilder b, Value x, int from, int to)
    {
        Argument product = 1;
        for (int d = from; d <= to; d++)
            product = Numbers.Mul(b, product, b.SizeOf(x, d));
        return product;
    }

    private static Argument RuntimeSize(this IGraphBuilder b, Dim size, params Value[] sources)
    {
        foreach (var t in sources)
        {
            int d = Array.FindIndex(t.Spec.Sizes, s => s == size);
            if (d >= 0)
                return b.SizeOf(t, d);
        }
        throw new InvalidOperationException($"no tensor has the size {size}");
    }

    private static bool SameSize(Argument given, Dim size) =>
        given.IsInt ? size.IsStatic && given.AsInt() == size.Value : given.IsValue && given.AsValue().Size is { } s && s == size;
}
