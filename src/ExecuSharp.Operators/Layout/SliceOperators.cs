using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Layout;

/// <summary>Operators that take or replace a part along one dimension.</summary>
internal static class SliceOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::slice_copy.Tensor(Tensor self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor")
        {
            OutName = "aten::slice_copy.Tensor_out",
            Kernel = Slice,
            Shape = SliceShape,
        },
        new("aten::narrow_copy(Tensor self, int dim, SymInt start, SymInt length) -> Tensor")
        {
            OutName = "aten::narrow_copy.out",
            Kernel = Narrow,
            Shape = NarrowShape,
        },
        new("aten::select_copy.int(Tensor self, int dim, SymInt index) -> Tensor")
        {
            OutName = "aten::select_copy.int_out",
            Kernel = Select,
            Shape = SelectShape,
        },
        new("aten::select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor")
        {
            OutName = "aten::select_scatter.out",
            Kernel = SelectScatter,
            Shape = Specs.SameAsFirst,
        },
        new("aten::slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor")
        {
            OutName = "aten::slice_scatter.out",
            Kernel = SliceScatter,
            Shape = Specs.SameAsFirst,
        },
    ];

    private static void Slice(in KernelArgs args)
    {
        var self = args.Tensor(0);
        long step = args.Int(4);
        var output = args.Tensor(5);
        KernelChecks.Require(self.Rank > 0, "a zero-dimensional tensor cannot be sliced");
        KernelChecks.SameType(self, output);
        int dim = LayoutCopy.Dim(self, args.Int(1));
        KernelChecks.Require(step > 0, $"slice step {step}");
        KernelChecks.SameDimOrders(self, output);
        var range = SliceRange.Of(self.Sizes[dim], args.OptionalInt(2), args.OptionalInt(3), step);
        Take(args, self, dim, range, step, output);
    }

    private static void Narrow(in KernelArgs args)
    {
        var self = args.Tensor(0);
        long start = args.Int(2), length = args.Int(3);
        var output = args.Tensor(4);
        KernelChecks.Require(self.Rank > 0, "a zero-dimensional tensor cannot be narrowed");
        KernelChecks.SameType(self, output);
        int dim = LayoutCopy.Dim(self, args.Int(1));
        long size = self.Sizes[dim];
        KernelChecks.Require(length >= 0 && start >= -size && start <= size, $"start {start}, length {length} in {size}");
        if (start < 0)
            start += size;
        KernelChecks.Require(length <= size - start, $"start {start}, length {length} in {size}");
        Take(args, self, dim, new SliceRange(start, length), 1, output);
    }

    private static void Take(in KernelArgs args, Tensor self, int dim, SliceRange range, long step, Tensor output)
    {
        Span<int> sizes = stackalloc int[self.Rank];
        self.Sizes.CopyTo(sizes);
        sizes[dim] = (int)range.Length;
        KernelChecks.ResizeOut(output, sizes);
        Span<long> strides = stackalloc long[self.Rank];
        LayoutCopy.Strides(self, strides);
        long offset = range.Start * strides[dim];
        strides[dim] *= Math.Min(step, int.MaxValue);
        LayoutCopy.Fill(args.Context, self, offset, strides, output);
    }

    private static void Select(in KernelArgs args)
    {
        var self = args.Tensor(0);
        long index = args.Int(2);
        var output = args.Tensor(3);
        KernelChecks.Require(self.Rank >= 1, "a zero-dimensional tensor has no part to select");
        int dim = LayoutCopy.Dim(self, args.Int(1));
        KernelChecks.Require(index >= -self.Sizes[dim] && index < self.Sizes[dim], $"index {index} in dim {dim} of {self.Sizes[dim]}");
        KernelChecks.SameType(self, output);
        Span<int> sizes = stackalloc int[self.Rank - 1];
        Span<long> strides = stackalloc long[self.Rank - 1];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = self.Sizes[i < dim ? i : i + 1];
            strides[i] = self.Strides[i < dim ? i : i + 1];
        }
        KernelChecks.ResizeOut(output, sizes);
        KernelChecks.SameDimOrders(self, output);
        LayoutCopy.Fill(args.Context, self, (index < 0 ? index + self.Sizes[dim] : index) * self.Strides[dim], strides, output);
    }

    private static void SelectScatter(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var source = args.Tensor(1);
        long dim = args.Int(2), index = args.Int(3);
        var output = args.Tensor(4);
        KernelChecks.ResizeOut(output, self.Sizes);
        KernelChecks.SameDimOrders(self, source, output);
        if (dim < 0)
            dim += self.Rank;
        KernelChecks.Require(dim >= 0 && dim < self.Rank, $"a tensor of {self.Rank} dimensions has no dim {args.Int(2)}");
        int d = (int)dim;
        if (index < 0)
            index += self.Sizes[d];
        KernelChecks.Require(index >= 0 && index < self.Sizes[d], $"index {index} in dim {dim} of {self.Sizes[d]}");
        KernelChecks.SameType(self, output);
        KernelChecks.Require(source.Rank + 1 == self.Rank, $"a source of {source.Rank} dimensions for a part of {self.Rank - 1}");
        Span<long> to = stackalloc long[source.Rank];
        for (int i = 0; i < source.Rank; i++)
        {
            int own = i < d ? i : i + 1;
            KernelChecks.Require(source.Sizes[i] == self.Sizes[own], $"a source of sizes {Tensor.Format(source.Sizes)} for {self}");
            to[i] = output.Strides[own];
        }
        if (self.Numel == 0)
            return;
        LayoutCopy.Memory(self, output);
        Put(args, source, output, index * output.Strides[d], to);
    }

    private static void SliceScatter(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var source = args.Tensor(1);
        long dim = args.Int(2), step = args.Int(5);
        var output = args.Tensor(6);
        if (dim < 0)
            dim += self.Rank;
        KernelChecks.ResizeOut(output, self.Sizes);
        KernelChecks.SameDimOrders(self, output);
        if (self.Numel == 0)
            return;
        KernelChecks.Require(dim >= 0 && dim < self.Rank, $"a tensor of {self.Rank} dimensions has no dim {args.Int(2)}");
        KernelChecks.Require(step > 0, $"slice step {step}");
        int d = (int)dim;
        var range = SliceRange.Of(self.Sizes[d], args.OptionalInt(3), args.OptionalInt(4), step);
        KernelChecks.SameType(self, output);
        KernelChecks.Require(self.Rank == source.Rank, $"a source of {source.Rank} dimensions for {self.Rank}");
        for (int i = 0; i < self.Rank; i++)
            KernelChecks.Require(source.Sizes[i] == (i == d ? range.Length : self.Sizes[i]), $"a source of sizes {Tensor.Format(source.Sizes)} for {range.Length} of {self}");
        Span<long> to = stackalloc long[self.Rank];
        LayoutCopy.Strides(output, to);
        to[d] *= Math.Min(step, int.MaxValue);
        LayoutCopy.Memory(self, output);
        Put(args, source, output, range.Start * output.Strides[d], to);
    }

    private static void Put(in KernelArgs args, Tensor source, Tensor output, long offset, ReadOnlySpan<long> to)
    {
        Span<long> from = stackalloc long[source.Rank];
        LayoutCopy.Strides(source, from);
        LayoutCopy.Run(args.Context, source, 0, from, output, offset, to, source.Sizes);
    }

    private static TensorSpec[] SliceShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        int dim = Specs.WrapDim(args[1].AsInt(), self.Rank);
        long step = args[4].AsInt();
        Specs.Require(self.Rank > 0 && step > 0, $"slice of {self} with step {step}");
        return [Specs.Like(self, Specs.With(self.Sizes, dim, SliceRange.LengthOf(self.Sizes[dim], args[2], args[3], step)))];
    }

    private static TensorSpec[] NarrowShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        return [Specs.Like(self, Specs.With(self.Sizes, Specs.WrapDim(args[1].AsInt(), self.Rank), args[3].AsDim()))];
    }

    private static TensorSpec[] SelectShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        Specs.Require(self.Rank > 0, $"select of {self}");
        return [new TensorSpec(self.Type, Specs.Without(self.Sizes, Specs.WrapDim(args[1].AsInt(), self.Rank)))];
    }
}
