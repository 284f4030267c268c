using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Views;

/// <summary>Views of a part, and lists of parts.</summary>
internal static class SliceDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::slice.Tensor(Tensor self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor",
            (b, a) => b.Slice(a[0].AsValue(), a[1].AsInt(), a[2], a[3], a[4].AsInt())),
        One("aten::select.int(Tensor self, int dim, SymInt index) -> Tensor", (b, a) => b.Select(a[0].AsValue(), a[1].AsInt(), a[2])),
        One("aten::narrow(Tensor self, int dim, SymInt start, SymInt length) -> Tensor", Narrow),
        Many("aten::chunk(Tensor self, int chunks, int dim=0) -> Tensor[]", Chunk),
        Many("aten::unsafe_chunk(Tensor self, int chunks, int dim=0) -> Tensor[]", Chunk),
        Many("aten::split.Tensor(Tensor self, SymInt split_size, int dim=0) -> Tensor[]", (b, a) => Split(b, a[0].AsValue(), a[1].AsInt(), a[2].AsInt())),
        Many("aten::unsafe_split.Tensor(Tensor self, SymInt split_size, int dim=0) -> Tensor[]", (b, a) => Split(b, a[0].AsValue(), a[1].AsInt(), a[2].AsInt())),
        Many("aten::split.sizes(Tensor self, SymInt[] split_size, int dim=0) -> Tensor[]", SplitSizes),
        Many("aten::split_with_sizes(Tensor self, SymInt[] split_sizes, int dim=0) -> Tensor[]", SplitSizes),
        Many("aten::unsafe_split_with_sizes(Tensor self, SymInt[] split_sizes, int dim=0) -> Tensor[]", SplitSizes),
        Many("aten::tensor_split.sections(Tensor self, SymInt sections, int dim=0) -> Tensor[]", (b, a) => Sections(b, a[0].AsValue(), a[1].AsInt(), a[2].AsInt())),
        Many("aten::tensor_split.indices(Tensor self, SymInt[] indices, int dim=0) -> Tensor[]", (b, a) => At(b, a[0].AsValue(), a[1].AsInts(), a[2].AsInt())),
        Many("aten::hsplit.int(Tensor self, int sections) -> Tensor[]", (b, a) => Sections(b, a[0].AsValue(), a[1].AsInt(), a[0].AsSpec().Rank == 1 ? 0 : 1)),
        Many("aten::hsplit.array(Tensor self, int[] indices) -> Tensor[]", (b, a) => At(b, a[0].AsValue(), a[1].AsInts(), a[0].AsSpec().Rank == 1 ? 0 : 1)),
        Many("aten::vsplit.int(Tensor self, int sections) -> Tensor[]", (b, a) => Sections(b, a[0].AsValue(), a[1].AsInt(), 0)),
        Many("aten::vsplit.array(Tensor self, int[] indices) -> Tensor[]", (b, a) => At(b, a[0].AsValue(), a[1].AsInts(), 0)),
        Many("aten::dsplit.int(Tensor self, int sections) -> Tensor[]", (b, a) => Sections(b, a[0].AsValue(), a[1].AsInt(), 2)),
        Many("aten::dsplit.array(Tensor self, int[] indices) -> Tensor[]", (b, a) => At(b, a[0].AsValue(), a[1].AsInts(), 2)),
        Many("aten::unbind.int(Tensor self, int dim=0) -> Tensor[]", (b, a) => Unbind(b, a[0].AsValue(), a[1].AsInt())),
    ];

    /// <summary>All parts of size 1 along a dimension, without it.</summary>
    public static Value[] Unbind(IGraphBuilder b, Value x, long dim)
    {
        int d = Layouts.Wrap(x, dim);
        var size = x.Spec.Sizes[d];
        if (!size.IsStatic)
            throw Unsupported($"unbind of {x.Spec} along a dynamic dimension");
        return [.. Enumerable.Range(0, (int)size.Value).Select(i => b.Select(x, d, i))];
    }

    /// <summary>Parts of the given sizes.</summary>
    public static Value[] Parts(IGraphBuilder b, Value x, long dim, IReadOnlyList<Argument> sizes)
    {
        int d = Layouts.Wrap(x, dim);
        if (sizes.Count == 1)
            return [x];
        if (x.Spec.IsStatic && sizes.All(n => n.IsInt && n.AsInt() > 0))
            return b.CallMany("aten::split_with_sizes_copy", x, sizes.Select(n => n.AsInt()).ToArray(), d);
        var parts = new Value[sizes.Count];
        Argument start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            var end = Numbers.Add(b, start, sizes[i]);
            parts[i] = b.Slice(x, d, start, end);
            start = end;
        }
        return parts;
    }

    private static Value Narrow(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        var start = a[2];
        if (start.IsInt && start.AsInt() < 0)
            start = Numbers.Add(b, b.SizeOf(x, Layouts.Wrap(x, a[1].AsInt())), start);
        if (start.IsInt && a[3].IsInt)
            return b.Slice(x, a[1].AsInt(), start, Numbers.Add(b, start, a[3]));
        return b.Call1("aten::narrow_copy", x, a[1], start, a[3]);
    }

    private static Value[] Chunk(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        int d = Layouts.Wrap(x, a[2].AsInt());
        var size = x.Spec.Sizes[d];
        if (!size.IsStatic)
            return EvenParts(b, x, d, a[1].AsInt());
        long part = (size.Value + a[1].AsInt() - 1) / a[1].AsInt();
        return part == 0 ? [.. Enumerable.Repeat(x, (int)a[1].AsInt())] : Split(b, x, part, d);
    }

    private static Value[] EvenParts(IGraphBuilder b, Value x, int dim, long count)
    {
        var part = Numbers.FloorDiv(b, Numbers.Add(b, b.SizeOf(x, dim), count - 1), count);
        var parts = new Value[count];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = b.Slice(x, dim, Numbers.Mul(b, part, i), i + 1 == count ? Argument.None : Numbers.Mul(b, part, i + 1));
        return parts;
    }

    private static Value[] Split(IGraphBuilder b, Value x, long size, long dim)
    {
        int d = Layouts.Wrap(x, dim);
        var whole = x.Spec.Sizes[d];
        if (!whole.IsStatic)
            throw Unsupported($"split of {x.Spec} along a dynamic dimension");
        if (size >= whole.Value)
            return [x];
        var parts = new List<Argument>();
        for (long start = 0; start < whole.Value; start += size)
            parts.Add(Math.Min(size, whole.Value - start));
        return Parts(b, x, d, parts);
    }

    private static Value[] SplitSizes(IGraphBuilder b, IReadOnlyList<Argument> a) => Parts(b, a[0].AsValue(), a[2].AsInt(), a[1].AsList());

    private static Value[] Sections(IGraphBuilder b, Value x, long sections, long dim)
    {
        int d = Layouts.Wrap(x, dim);
        long size = x.Spec.Sizes[d].Value, part = size / sections, larger = size % sections;
        return Parts(b, x, d, [.. Enumerable.Range(0, (int)sections).Select(i => (Argument)(i < larger ? part + 1 : part))]);
    }

    private static Value[] At(IGraphBuilder b, Value x, long[] indices, long dim)
    {
        var parts = new Value[indices.Length + 1];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = b.Call1("aten::slice_copy.Tensor", x, Layouts.Wrap(x, dim), i == 0 ? 0 : indices[i - 1], i == indices.Length ? Argument.None : indices[i]);
        return parts;
    }
}
