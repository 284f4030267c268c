using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Shapes, slices, joins and products.</summary>
internal sealed partial class Aten
{
    /// <summary>A view of rank 0.</summary>
    public Value Single(Value a) => a.Spec.Rank == 0 ? a : Call("aten::view_copy", a, Array.Empty<long>());

    public Value View(Value a, params long[] sizes) => a.Spec.IsStatic && sizes.AsSpan().SequenceEqual(Sizes(a)) ? a : Call("aten::view_copy", a, sizes);

    /// <summary>A view with sizes that may be dynamic; one of them is left for the runtime to find.</summary>
    public Value View(Value a, Dim[] sizes)
    {
        if (Array.TrueForAll(sizes, d => d.IsStatic))
            return View(a, Array.ConvertAll(sizes, d => d.Value));
        if (a.Spec.Sizes.AsSpan().SequenceEqual(sizes))
            return a;
        // The sizes are known here in their simplest form.
        return builder.AddAs("aten::view_copy", [a, Arguments(sizes, a)], new TensorSpec(a.Spec.Type, sizes));
    }

    /// <summary>Sizes as arguments: numbers, sizes read from the tensor where it has the same, or -1 for the one that is left.</summary>
    public Argument Arguments(Dim[] sizes, params Value[] sources)
    {
        bool open = false;
        return Array.ConvertAll(sizes, d =>
        {
            if (d.IsStatic)
                return d.Value;
            if (!open)
            {
                open = true;
                return (Argument)(-1L);
            }
            return SizeArgument(d, sources);
        });
    }

    /// <summary>A size as an argument: a number, or read at run time from a tensor that has it.</summary>
    public Argument SizeArgument(Dim size, params IEnumerable<Value> sources)
    {
        if (size.IsStatic)
            return size.Value;
        foreach (var source in sources)
            for (int i = 0; i < source.Spec.Rank; i++)
                if (source.Spec.Sizes[i] == size)
                    return ((IGraphBuilder)builder).SizeOf(source, i);
        foreach (var input in builder.Inputs)
            for (int i = 0; i < input.Spec.Rank; i++)
                if (input.Spec.Sizes[i] == size)
                    return ((IGraphBuilder)builder).SizeOf(input, i);
        return Computed(size.Expression!);
    }

    /// <summary>A size computed at run time from sizes of inputs.</summary>
    private Argument Computed(SymExpr expression)
    {
        switch (expression)
        {
            case SymExpr.Constant c:
                return c.Value;
            case SymExpr.Binary b:
                string op = b.Operation switch
                {
                    SymOperation.Add => "add.Scalar",
                    SymOperation.Subtract => "sub.Scalar",
                    SymOperation.Multiply => "mul.Scalar",
                    SymOperation.FloorDivide => "floordiv.Scalar",
                    SymOperation.Modulo => "mod.Scalar",
                    SymOperation.Max => "sym_max.Scalar",
                    _ => "sym_min.Scalar",
                };
                return Call("executorch_prim::" + op, SizeArgument(new Dim(b.Left)), SizeArgument(new Dim(b.Right)));
            default:
                throw new OnnxUnsupportedException($"the size {expression} is not a size of any input");
        }
    }

    public static long[] Sizes(Value a) => Array.ConvertAll(a.Spec.Sizes, d => d.IsStatic ? d.Value : throw new OnnxUnsupportedException($"size {d} is dynamic where a fixed one is needed"));

    public Value Permute(Value a, params long[] dims)
    {
        for (int i = 0; i < dims.Length; i++)
            if (dims[i] != i)
                return Call("aten::permute_copy", a, dims);
        return a;
    }

    /// <summary>Swaps two dimensions.</summary>
    public Value Transpose(Value a, int d0, int d1)
    {
        int rank = a.Spec.Rank;
        var dims = Enumerable.Range(0, rank).Select(i => (long)i).ToArray();
        d0 = d0 < 0 ? d0 + rank : d0;
        d1 = d1 < 0 ? d1 + rank : d1;
        (dims[d0], dims[d1]) = (dims[d1], dims[d0]);
        return Permute(a, dims);
    }

    public Value Expand(Value a, params long[] sizes) => a.Spec.IsStatic && sizes.AsSpan().SequenceEqual(Sizes(a)) ? a : Call("aten::expand_copy", a, sizes);

    /// <summary>Expands to sizes that may be dynamic.</summary>
    public Value Expand(Value a, Dim[] sizes)
    {
        if (a.Spec.Sizes.AsSpan().SequenceEqual(sizes))
            return a;
        int added = sizes.Length - a.Spec.Rank;
        // -1 keeps a size.
        var args = sizes.Select((d, i) => i >= added && a.Spec.Sizes[i - added] == d && !d.IsStatic ? -1L : SizeArgument(d, a)).ToArray();
        return Call("aten::expand_copy", a, args);
    }

    /// <summary>0, 1, 2, … below a count that may be dynamic.</summary>
    public Value Range(Dim count) => count.IsStatic
        ? Constant([.. Enumerable.Range(0, checked((int)count.Value)).Select(i => (long)i)])
        : Call("aten::arange", SizeArgument(count, []), ScalarType.Long);

    public Value Unsqueeze(Value a, int dim) => Call("aten::unsqueeze_copy", a, dim);

    public Value Squeeze(Value a, params long[] dims) => dims.Length == 0 ? a : Call("aten::squeeze_copy.dims", a, dims);

    public Value Slice(Value a, int dim, long start, long end, long step = 1) => Call("aten::slice_copy.Tensor", a, dim, start, end, step);

    public Value Select(Value a, int dim, long index) => Call("aten::select_copy.int", a, dim, index);

    public Value Cat(int dim, params Value[] parts) => parts.Length == 1 ? parts[0] : Call("aten::cat", parts, dim);

    public Value Stack(int dim, params Value[] parts) => Cat(dim, Array.ConvertAll(parts, p => Unsqueeze(p, dim)));

    public Value[] Split(Value a, int dim, long[] sizes) => sizes.Length == 1 ? [a] : CallMany("aten::split_with_sizes_copy", a, sizes, dim);

    public Value Flip(Value a, params long[] dims) => Call("aten::flip", a, dims);

    public Value IndexSelect(Value a, int dim, Value index) => Call("aten::index_select", a, dim, index);

    /// <summary>Pads with a number; amounts by dimension, negative ones cut off.</summary>
    public Value Pad(Value a, long[] before, long[] after, double value)
    {
        if (before.All(p => p == 0) && after.All(p => p == 0))
            return a;
        // The runtime's kernel takes no negative amounts.
        for (int d = 0; d < before.Length; d++)
            if (before[d] < 0 || after[d] < 0)
                a = Slice(a, d, Math.Max(-before[d], 0), a.Spec.Sizes[d].Value + Math.Min(after[d], 0));
        before = Array.ConvertAll(before, p => Math.Max(p, 0));
        after = Array.ConvertAll(after, p => Math.Max(p, 0));
        if (before.All(p => p == 0) && after.All(p => p == 0))
            return a;
        int first = Enumerable.Range(0, before.Length).First(i => before[i] != 0 || after[i] != 0);
        var pads = new List<long>();
        for (int d = before.Length - 1; d >= first; d--)
            pads.AddRange([before[d], after[d]]);
        Argument fill = a.Spec.Type.IsFloating() ? (Argument)value : (Argument)(long)value;
        return Call("aten::constant_pad_nd", a, pads.ToArray(), fill);
    }

    /// <summary>numpy's matmul of tensors of rank 2 or more.</summary>
    public Value Matmul(Value a, Value b)
    {
        int ra = a.Spec.Rank, rb = b.Spec.Rank;
        if (ra == 2 && rb == 2)
            return Call("aten::mm", a, b);
        if (rb == 2)
        {
            var sizes = a.Spec.Sizes;
            var flat = View(a, [Product(sizes[..^1]), sizes[^1]]);
            return View(Call("aten::mm", flat, b), [.. sizes[..^1], b.Spec.Sizes[1]]);
        }
        var batch = Broadcast(a.Spec.Sizes[..^2], b.Spec.Sizes[..^2]);
        var left = Batch(a, batch);
        var right = Batch(b, batch);
        var product = Call("aten::bmm", left, right);
        return View(product, [.. batch, a.Spec.Sizes[^2], b.Spec.Sizes[^1]]);
    }

    public static Dim Product(IEnumerable<Dim> dims) => dims.Aggregate((Dim)1, (p, d) => p * d);

    /// <summary>Sizes after broadcasting.</summary>
    public static Dim[] Broadcast(Dim[] a, Dim[] b)
    {
        var result = new Dim[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= result.Length; i++)
        {
            Dim x = i <= a.Length ? a[^i] : 1, y = i <= b.Length ? b[^i] : 1;
            if (x.Value != y.Value && x != 1 && y != 1)
                throw new InvalidOperationException($"sizes [{string.Join(", ", a)}] and [{string.Join(", ", b)}] do not fit");
            result[^i] = x == 1 ? y : x;
        }
        return result;
    }

    private Value Batch(Value a, Dim[] batch)
    {
        Dim[] sizes = [.. batch, a.Spec.Sizes[^2], a.Spec.Sizes[^1]];
        a = Expand(a, sizes);
        return a.Spec.Rank == 3 ? a : View(a, [Product(batch), sizes[^2], sizes[^1]]);
    }
}
