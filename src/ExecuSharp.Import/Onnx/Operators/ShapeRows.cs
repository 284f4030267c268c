using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Constants, shapes, and operators whose input is a shape.</summary>
internal static class ShapeRows
{
    private const long MaxElements = 1L << 28;
    private const long MaxWritten = 1L << 24;

    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("Constant", 1, n => [Constant(n)]),
        new("ConstantOfShape", 9, n => [ConstantOfShape(n)]),
        new("Identity", 1, n => [n.Any(0)]),
        new("Shape", 1, n => [Shape(n)]),
        new("Size", 1, n => [Dims.Of(n.Aten, [Aten.Product(n.X.Spec.Sizes)], scalar: true)]),
        new("Reshape", (1, n => [n.Same(Reshape(n, n.Attribute("shape") is null ? n.DimsOf(1, "the shape") : [.. n.Ints("shape")!.Select(s => (Dim)s)]))]), (5, n => [n.Same(Reshape(n, n.DimsOf(1, "the shape")))])),
        new("Flatten", 1, Flatten),
        new("Squeeze", (1, n => [n.Same(Squeeze(n, n.Ints("axes")))]), (13, n => [n.Same(Squeeze(n, n.OptLongs(1, "axes")))])),
        new("Unsqueeze", (1, n => [n.Same(Unsqueeze(n, n.Ints("axes") ?? throw n.Bad("attribute axes", "none")))]), (13, n => [n.Same(Unsqueeze(n, n.Longs(1, "axes")))])),
        new("Expand", 8, n => n.Aten.Expand(n.X, Aten.Broadcast(n.X.Spec.Sizes, n.DimsOf(1, "the shape")))),
        new("Range", 11, Range),
        new("EyeLike", 9, n => [EyeLike(n)]),
    ];

    private static OnnxValue Constant(OnnxNode n)
    {
        foreach (var a in n.Proto.Attributes.Select(a => OnnxNode.Resolve(a, n.Scope.Attributes)))
            switch (a?.Name)
            {
                case "value":
                    return n.Importer.Constant(a.Tensor ?? throw n.Bad("a tensor in attribute value", "none"));
                case "sparse_value":
                    return n.Importer.Constant(a.SparseTensor ?? throw n.Bad("a tensor in attribute sparse_value", "none"));
                case "value_float":
                    return OnnxNode.Natural(n.Aten.Floats([a.Float]));
                case "value_floats":
                    return OnnxNode.Natural(n.Aten.Floats([.. a.Floats], a.Floats.Count));
                case "value_int":
                    return OnnxNode.Natural(n.Aten.Longs([a.Int]));
                case "value_ints":
                    return OnnxNode.Natural(n.Aten.Constant([.. a.Ints]));
                case "value_string" or "value_strings":
                    throw n.Unsupported("text");
            }
        throw n.Bad("an attribute with the value", "none");
    }

    private static OnnxValue ConstantOfShape(OnnxNode n)
    {
        var value = n.Attribute("value")?.Tensor is { } t ? n.Importer.Constant(t) : new OnnxValue.OfTensor(n.Aten.Number(0, ScalarType.Float), OnnxDataType.Float);
        var dims = n.DimsOf(0, "the shape");
        Check(n, dims);
        var scalar = n.Aten.Single(value.Value);
        return value with { Value = n.Aten.Call("aten::expand_copy", scalar, Array.ConvertAll(dims, d => n.Aten.SizeArgument(d, []))) };
    }

    private static void Check(OnnxNode n, Dim[] dims)
    {
        if (dims.Any(d => d.Value < 0) || dims.Aggregate((Int128)1, (p, d) => p * d.Value) > MaxElements)
            throw n.Bad($"sizes of at most {MaxElements} elements", $"[{string.Join(", ", dims)}]");
    }

    private static OnnxValue Shape(OnnxNode n)
    {
        var sizes = n.Any(0) is OnnxValue.OfDims d ? (d.IsScalar ? [] : [(Dim)d.Dims.Length]) : n.X.Spec.Sizes;
        int rank = sizes.Length;
        long start = n.Int("start", 0), end = n.Int("end", rank);
        int from = (int)Math.Clamp(start < 0 ? start + rank : start, 0, rank);
        int to = (int)Math.Clamp(end < 0 ? end + rank : end, 0, rank);
        return Dims.Of(n.Aten, from < to ? sizes[from..to] : []);
    }

    private static Value Reshape(OnnxNode n, Dim[] shape)
    {
        var x = n.X;
        bool zeroCopies = !n.Flag("allowzero");
        var sizes = new Dim[shape.Length];
        int open = -1;
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = shape[i];
            if (shape[i] is { IsStatic: true, Value: 0 } && zeroCopies)
                sizes[i] = i < x.Spec.Rank ? x.Spec.Sizes[i] : throw n.Bad("a 0 only where the input has a size", $"[{string.Join(", ", shape)}]");
            else if (shape[i] is { IsStatic: true, Value: -1 })
                open = open < 0 ? i : throw n.Bad("at most one -1", $"[{string.Join(", ", shape)}]");
        }
        if (open >= 0)
            sizes[open] = Rest(n, [.. x.Spec.Sizes], [.. sizes.Where((_, i) => i != open)]);
        if (Array.TrueForAll(sizes, s => s.IsStatic) && x.Spec.IsStatic && sizes.Aggregate(1L, (p, s) => checked(p * s.Value)) != x.Spec.MaxNumel)
            throw n.Bad($"a shape of {x.Spec.MaxNumel} elements", $"[{string.Join(", ", shape)}]");
        return n.Aten.View(x, sizes);
    }

    /// <summary>The size that is left for -1: the product of what the input has and the shape has not.</summary>
    private static Dim Rest(OnnxNode n, List<Dim> have, List<Dim> used)
    {
        foreach (var dim in used.ToArray())
            if (have.Remove(dim))
                used.Remove(dim);
        Dim all = Aten.Product(have), rest = Aten.Product(used);
        if (rest.Value == 0)
            throw n.Bad("a size for -1 that is determined", "another size of 0");
        return all.Value % rest.Value == 0 ? all / rest : throw n.Bad($"a shape that divides {all}", $"{rest}");
    }

    private static Value Flatten(OnnxNode n)
    {
        var x = n.X;
        long axis = n.Int("axis", 1);
        int at = axis == x.Spec.Rank ? x.Spec.Rank : n.Axis(axis, x.Spec.Rank);
        return n.Aten.View(x, [Aten.Product(x.Spec.Sizes[..at]), Aten.Product(x.Spec.Sizes[at..])]);
    }

    private static Value Squeeze(OnnxNode n, long[]? axes)
    {
        var x = n.X;
        int rank = x.Spec.Rank;
        int[] dims = axes is null
            ? [.. Enumerable.Range(0, rank).Where(i => x.Spec.Sizes[i] == 1)]
            : n.Axes(axes, rank);
        foreach (int d in dims)
            if (x.Spec.Sizes[d].Value != 1)
                throw n.Bad("sizes of 1 at the axes", $"{x.Spec}");
        return n.Aten.View(x, [.. x.Spec.Sizes.Where((_, i) => !dims.Contains(i))]);
    }

    private static Value Unsqueeze(OnnxNode n, long[] axes)
    {
        var x = n.X;
        int rank = x.Spec.Rank + axes.Length;
        var dims = n.Axes(axes, rank).Distinct().ToHashSet();
        if (dims.Count != axes.Length)
            throw n.Bad("different axes", string.Join(", ", axes));
        int next = 0;
        return n.Aten.View(x, [.. Enumerable.Range(0, rank).Select(i => dims.Contains(i) ? 1 : x.Spec.Sizes[next++])]);
    }

    private static Value Range(OnnxNode n)
    {
        if (n.Any(1) is OnnxValue.OfDims { Dims: [var end] } && n.Known(0) is { } first && Values.Longs(first) is [0] && n.Known(2) is { } by && Values.Longs(by) is [1])
            return n.Aten.Range(end);
        var start = n.MustKnow(0, "the start");
        var limit = n.MustKnow(1, "the limit");
        var delta = n.MustKnow(2, "the step");
        if (start.Numel != 1 || limit.Numel != 1 || delta.Numel != 1)
            throw n.Bad("single numbers", "tensors");
        double s = Values.Doubles(start)[0], l = Values.Doubles(limit)[0], d = Values.Doubles(delta)[0];
        double count = Math.Max(0, Math.Ceiling((l - s) / d));
        if (!(count <= MaxWritten))
            throw n.Bad($"at most {MaxWritten} elements", $"{count}");
        if (!start.Type.IsFloating())
        {
            long from = Values.Longs(start)[0], step = Values.Longs(delta)[0];
            return n.Aten.Cast(n.Aten.Constant([.. Enumerable.Range(0, Aten.Count((long)count)).Select(i => from + (i * step))]), start.Type);
        }
        var values = Tensor.Empty(ScalarType.Double, [(int)count]);
        for (int i = 0; i < (int)count; i++)
            values.Span<double>()[i] = start.Type == ScalarType.Double ? s + (i * d) : (float)s + (i * (float)d);
        return n.Aten.Cast(n.Aten.Constant(values), start.Type);
    }

    private static OnnxValue EyeLike(OnnxNode n)
    {
        long[] sizes = Aten.Sizes(n.X);
        if (sizes.Length != 2 || sizes[0] * sizes[1] > MaxWritten)
            throw n.Bad("a matrix", $"{n.X.Spec}");
        var type = n.Attribute("dtype") is { } a ? (OnnxDataType)a.Int : n.Type(0);
        long k = n.Int("k", 0);
        var eye = Tensor.Empty(ScalarType.Float, [(int)sizes[0], (int)sizes[1]]);
        for (long i = 0; i < sizes[0]; i++)
            if (i + k >= 0 && i + k < sizes[1])
                eye.Span<float>()[(int)((i * sizes[1]) + i + k)] = 1;
        return OnnxNode.As(CastRows.Convert(n.Aten, n.Aten.Constant(eye), OnnxDataType.Float, type), type);
    }
}
