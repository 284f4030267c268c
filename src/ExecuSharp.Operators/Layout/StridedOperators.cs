using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Layout;

/// <summary>Views that may repeat or skip elements: strides, diagonals, windows.</summary>
internal static class StridedOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::as_strided_copy(Tensor self, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor")
        {
            OutName = "aten::as_strided_copy.out",
            Kernel = AsStrided,
            Shape = args => [new TensorSpec(args[0].AsSpec().Type, args[1].AsDims())],
        },
        new("aten::diagonal_copy(Tensor self, int offset=0, int dim1=0, int dim2=1) -> Tensor")
        {
            OutName = "aten::diagonal_copy.out",
            Kernel = Diagonal,
            Shape = DiagonalShape,
        },
        new("aten::unfold_copy(Tensor self, int dimension, int size, int step) -> Tensor")
        {
            OutName = "aten::unfold_copy.out",
            Kernel = Unfold,
            Shape = UnfoldShape,
        },
    ];

    private static void AsStrided(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var size = args.Ints(1);
        var strides = args.Ints(2);
        long offset = args.OptionalInt(3) ?? 0;
        var output = args.Tensor(4);
        KernelChecks.SameType(self, output);
        KernelChecks.Require(size.Length == strides.Length, $"{size.Length} sizes and {strides.Length} strides");
        KernelChecks.Require(offset >= 0, $"storage offset {offset}");
        Span<int> sizes = stackalloc int[size.Length];
        Int128 last = offset;
        bool empty = false;
        for (int i = 0; i < size.Length; i++)
        {
            KernelChecks.Require(size[i] >= 0 && size[i] <= int.MaxValue && strides[i] >= 0, $"size {size[i]}, stride {strides[i]}");
            sizes[i] = (int)size[i];
            empty |= size[i] == 0;
            last += (Int128)strides[i] * (size[i] - 1);
        }
        KernelChecks.Require(empty || last < self.Numel, $"element {last} of {self.Numel}");
        KernelChecks.ResizeOut(output, sizes);
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        if (self.Numel > 0)
            LayoutCopy.Fill(args.Context, self, offset, strides, output);
    }

    private static void Diagonal(in KernelArgs args)
    {
        var self = args.Tensor(0);
        long offset = args.Int(1);
        var output = args.Tensor(4);
        KernelChecks.SameType(self, output);
        KernelChecks.Require(self.Rank >= 2, $"a tensor of {self.Rank} dimensions, at least 2 are needed");
        int dim1 = LayoutCopy.Dim(self, args.Int(2)), dim2 = LayoutCopy.Dim(self, args.Int(3));
        KernelChecks.Require(dim1 != dim2, $"dim {dim1} occurs twice");
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        Span<int> sizes = stackalloc int[self.Rank - 1];
        Span<long> strides = stackalloc long[self.Rank - 1];
        int at = 0;
        for (int d = 0; d < self.Rank; d++)
        {
            if (d == dim1 || d == dim2)
                continue;
            sizes[at] = self.Sizes[d];
            strides[at++] = self.Strides[d];
        }
        long length = offset >= 0 ? Math.Min(self.Sizes[dim1], self.Sizes[dim2] - offset) : Math.Min(self.Sizes[dim1] + offset, self.Sizes[dim2]);
        sizes[at] = (int)Math.Max(length, 0);
        strides[at] = (long)self.Strides[dim1] + self.Strides[dim2];
        KernelChecks.ResizeOut(output, sizes);
        if (output.Numel > 0)
            LayoutCopy.Fill(args.Context, self, offset >= 0 ? offset * self.Strides[dim2] : -offset * self.Strides[dim1], strides, output);
    }

    private static void Unfold(in KernelArgs args)
    {
        var self = args.Tensor(0);
        long size = args.Int(2), step = args.Int(3);
        var output = args.Tensor(4);
        long wrapped = args.Int(1) < 0 ? args.Int(1) + Math.Max(self.Rank, 1) : args.Int(1);
        int dim = LayoutCopy.Dim(self, wrapped);
        long length = self.Rank == 0 ? 1 : self.Sizes[dim];
        KernelChecks.Require(size >= 0 && size <= length && step > 0, $"windows of {size} with step {step} over {length}");
        Span<int> sizes = stackalloc int[self.Rank + 1];
        Span<long> strides = stackalloc long[self.Rank + 1];
        self.Sizes.CopyTo(sizes);
        LayoutCopy.Strides(self, strides);
        long stride = 1;
        if (self.Rank > 0)
        {
            stride = strides[dim];
            sizes[dim] = (int)((length - size + step) / step);
            strides[dim] = stride * Math.Min(step, int.MaxValue);
        }
        sizes[^1] = (int)size;
        strides[^1] = stride;
        KernelChecks.ResizeOut(output, sizes);
        Promotion.RequireRealOrBool(self.Type);
        LayoutCopy.Fill(args.Context, self, 0, strides, output);
    }

    private static TensorSpec[] DiagonalShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        long offset = args[1].AsInt();
        int a = Specs.WrapDim(args[2].AsInt(), self.Rank), b = Specs.WrapDim(args[3].AsInt(), self.Rank);
        Specs.Require(a != b && self.Rank >= 2, $"diagonal of {self} over dims {a} and {b}");
        var length = offset >= 0 ? Dim.Min(self.Sizes[a], self.Sizes[b] - offset) : Dim.Min(self.Sizes[a] + offset, self.Sizes[b]);
        if (!length.IsStatic || length.Value < 0)
            length = Dim.Max(length, 0);
        return [new TensorSpec(self.Type, [.. self.Sizes.Where((_, d) => d != a && d != b), length])];
    }

    private static TensorSpec[] UnfoldShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        int dim = Specs.WrapDim(args[1].AsInt(), self.Rank);
        long size = args[2].AsInt(), step = args[3].AsInt();
        Specs.Require(step > 0, $"unfold step {step}");
        if (self.Rank == 0)
            return [new TensorSpec(self.Type, size)];
        Specs.Require(size <= self.Sizes[dim].Value, $"unfold of {self}: windows of {size}");
        return [new TensorSpec(self.Type, [.. Specs.With(self.Sizes, dim, (self.Sizes[dim] - size + step) / step), size])];
    }
}
