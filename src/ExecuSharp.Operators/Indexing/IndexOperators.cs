using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Layout;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Indexing;

/// <summary>Access by tensors of indices or by masks.</summary>
internal static class IndexOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor")
        {
            OutName = "aten::index.Tensor_out",
            Kernel = Index,
            Shape = IndexShape,
        },
        new("aten::index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor")
        {
            OutName = "aten::index_put.out",
            Kernel = IndexPut,
            Shape = Specs.SameAsFirst,
        },
        new("aten::index_put_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor(a!)")
        {
            OutName = "aten::index_put_",
            Kernel = IndexPutInPlace,
            Shape = Specs.SameAsFirst,
            IsPure = false,
        },
    ];

    private static void Index(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), output = args.Tensor(2);
        var slots = args.Tensors(1);
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        KernelChecks.SameType(self, output);
        KernelChecks.Require(slots.Length <= self.Rank, $"{slots.Length} indices for {self.Rank} dimensions");
        if (IndexPlan.IsWhole(slots))
        {
            KernelChecks.ResizeOut(output, self.Sizes);
            LayoutCopy.Memory(self, output);
            return;
        }
        using var plan = new IndexPlan(self, slots, stackalloc int[2 * Broadcasting.MaxRank]);
        KernelChecks.ResizeOut(output, plan.Sizes);
        if (output.Numel == 0)
            return;
        int size = self.Type.SizeOf(), length = plan.Run * size;
        ReadOnlySpan<byte> from = self.Bytes;
        var to = output.Bytes;
        for (int i = 0; i < plan.Offsets.Length; i++)
            from.Slice((int)plan.Offsets[i] * size, length).CopyTo(to[(i * length)..]);
    }

    private static void IndexPut(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), values = args.Tensor(2), output = args.Tensor(4);
        var slots = args.Tensors(1);
        bool accumulate = args.Bool(3);
        KernelChecks.SameType(self, output);
        KernelChecks.SameType(self, values);
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        Promotion.RequireRealOrBool(self.Type);
        KernelChecks.Require(slots.Length <= self.Rank, $"{slots.Length} indices for {self.Rank} dimensions");
        if (IndexPlan.IsWhole(slots))
        {
            Put(args, self, values, output, self.Sizes, [0], (int)self.Numel, accumulate);
            return;
        }
        using var plan = new IndexPlan(self, slots, stackalloc int[2 * Broadcasting.MaxRank]);
        Put(args, self, values, output, plan.Sizes, plan.Offsets, plan.Run, accumulate);
    }

    private static void Put(in KernelArgs args, Tensor self, Tensor values, Tensor output, ReadOnlySpan<int> sizes, ReadOnlySpan<long> offsets, int run, bool accumulate)
    {
        if (!Broadcasting.CanExpand(values.Sizes, sizes))
            KernelChecks.Fail($"values {values} do not expand to {Tensor.Format(sizes)}");
        KernelChecks.ResizeOut(output, self.Sizes);
        if (self.Numel == 0)
            return;
        LayoutCopy.Memory(self, output);
        if (values.Sizes.SequenceEqual(sizes) && values.IsContiguousOrder)
        {
            Put(output, offsets, run, values.Bytes, accumulate);
            return;
        }
        using var expanded = new Scratch<byte>(checked(offsets.Length * run * values.Type.SizeOf()));
        Expand(args, values, sizes, expanded.Span);
        Put(output, offsets, run, expanded.Span, accumulate);
    }

    private static void IndexPutInPlace(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), values = args.Tensor(2);
        var slots = args.Tensors(1);
        KernelChecks.SameType(self, values);
        KernelChecks.SameDimOrders(self, values);
        KernelChecks.ContiguousOrder(self);
        KernelChecks.Require(!args.Bool(3), "accumulate is not supported in place");
        KernelChecks.Require(slots.Length <= self.Rank, $"{slots.Length} indices for {self.Rank} dimensions");
        int dim = -1;
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i] is not { IsNone: false })
                continue;
            KernelChecks.Require(dim < 0, "more than one index in place");
            dim = i;
        }
        KernelChecks.Require(dim >= 0, "no index");
        var index = slots[dim]!.AsTensor();
        KernelChecks.Require(index.Type is ScalarType.Long or ScalarType.Int && index.Rank == 1, $"an index {index}");
        for (int i = 0; i < index.Numel; i++)
        {
            long value = ElementBlocks.Element<long>(index, i);
            KernelChecks.Require(value >= 0 && value < self.Sizes[dim], $"index {value} in dim {dim} of {self.Sizes[dim]}");
        }
        KernelChecks.Require(values.Rank == self.Rank, $"values {values} for {self}");
        for (int d = 0; d < self.Rank; d++)
            KernelChecks.Require(values.Sizes[d] == (d == dim ? index.Sizes[0] : self.Sizes[d]), $"values {values} for {self}");
        if (values.Numel == 0)
            return;
        using var plan = new IndexPlan(self, slots, stackalloc int[2 * Broadcasting.MaxRank]);
        Put(self, plan.Offsets, plan.Run, values.Bytes, accumulate: false);
    }

    private static void Expand(in KernelArgs args, Tensor values, ReadOnlySpan<int> sizes, Span<byte> target)
    {
        Span<long> from = stackalloc long[sizes.Length], to = stackalloc long[sizes.Length];
        from.Clear();
        for (int i = 1; i <= values.Rank; i++)
            from[^i] = values.Sizes[^i] == 1 ? 0 : values.Strides[^i];
        LayoutCopy.ContiguousStrides(sizes, to);
        Kernels.Layout.StridedCopy.Run(args.Context, values.Bytes, 0, from, target, 0, to, sizes, values.Type.SizeOf());
    }

    private static void Put(Tensor target, ReadOnlySpan<long> offsets, int run, ReadOnlySpan<byte> from, bool accumulate)
    {
        int size = target.Type.SizeOf(), length = run * size;
        var to = target.Bytes;
        for (int i = 0; i < offsets.Length; i++)
        {
            var part = to.Slice((int)offsets[i] * size, length);
            if (accumulate)
                Accumulation.Add(target.Type, part, from.Slice(i * length, length));
            else
                from.Slice(i * length, length).CopyTo(part);
        }
    }

    private static TensorSpec[] IndexShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        Dim[]?[] indices = [.. args[1].AsList().SelectMany(IndexSizes)];
        Specs.Require(indices.Length <= self.Rank, $"{indices.Length} indices for {self}");
        if (Array.TrueForAll(indices, i => i is null))
            return [self];
        Dim[] shape = [];
        foreach (var index in indices)
            if (index is not null)
                shape = Broadcast(shape, index);
        int first = Array.FindIndex(indices, i => i is not null), last = Array.FindLastIndex(indices, i => i is not null);
        bool adjacent = Array.FindIndex(indices, first, last - first + 1, i => i is null) < 0;
        var rest = self.Sizes.Where((_, d) => d >= indices.Length || indices[d] is null).ToList();
        rest.InsertRange(adjacent ? first : 0, shape);
        return [new TensorSpec(self.Type, [.. rest])];
    }

    // The sizes of the index of each dimension; a mask gives one list for all its dimensions, as long as nonzero's.
    private static IEnumerable<Dim[]?> IndexSizes(Argument index)
    {
        if (index.AsOptionalValue() is not { } value)
            return [null];
        if (value.Spec.Type is not (ScalarType.Bool or ScalarType.Byte))
            return [value.Spec.Sizes];
        long most = value.Spec.MaxNumel;
        Dim count = most == 0 ? 0 : new Dim(new SymExpr.Symbol($"nonzero({value.Name})", 0, most));
        return Enumerable.Repeat<Dim[]?>([count], value.Spec.Rank);
    }

    private static Dim[] Broadcast(Dim[] a, Dim[] b)
    {
        var result = new Dim[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= result.Length; i++)
        {
            Dim x = i <= a.Length ? a[^i] : 1, y = i <= b.Length ? b[^i] : 1;
            Specs.Require(x.Value == y.Value || !x.IsStatic || !y.IsStatic || x is { IsStatic: true, Value: 1 } || y is { IsStatic: true, Value: 1 }, $"indices of sizes {x} and {y}");
            result[^i] = y is { IsStatic: true, Value: 1 } ? x : y;
        }
        return result;
    }
}
