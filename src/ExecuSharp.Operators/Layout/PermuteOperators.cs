using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Layout;

/// <summary>Operators that exchange or reverse dimensions.</summary>
internal static class PermuteOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::permute_copy(Tensor self, int[] dims) -> Tensor")
        {
            OutName = "aten::permute_copy.out",
            Kernel = Permute,
            Shape = PermuteShape,
        },
        new("aten::transpose_copy.int(Tensor self, int dim0, int dim1) -> Tensor")
        {
            OutName = "aten::transpose_copy.int_out",
            Kernel = Transpose,
            Shape = TransposeShape,
        },
        new("aten::t_copy(Tensor self) -> Tensor")
        {
            OutName = "aten::t_copy.out",
            Kernel = T,
            Shape = TShape,
        },
        new("aten::flip(Tensor self, int[] dims) -> Tensor")
        {
            OutName = "aten::flip.out",
            Kernel = Flip,
            Shape = Specs.SameAsFirst,
        },
        new("aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor")
        {
            OutName = "aten::roll.out",
            Kernel = Roll,
            Shape = Specs.SameAsFirst,
        },
    ];

    private static void Permute(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var dims = args.Ints(1);
        var output = args.Tensor(2);
        KernelChecks.Require(dims.Length == self.Rank, $"{dims.Length} dims for a tensor of {self.Rank} dimensions");
        KernelChecks.SameType(self, output);
        Span<int> order = stackalloc int[self.Rank];
        uint seen = 0;
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = LayoutCopy.Dim(self, dims[i]);
            KernelChecks.Require((seen & (1u << order[i])) == 0, $"dim {order[i]} occurs twice");
            seen |= 1u << order[i];
        }
        KernelChecks.SameDimOrders(self, output);
        Permuted(args, self, order, output);
    }

    private static void Transpose(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var output = args.Tensor(3);
        KernelChecks.SameType(self, output);
        int dim0 = LayoutCopy.Dim(self, args.Int(1)), dim1 = LayoutCopy.Dim(self, args.Int(2));
        KernelChecks.SameDimOrders(self, output);
        Swapped(args, self, dim0, dim1, output);
    }

    private static void T(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var output = args.Tensor(1);
        KernelChecks.SameType(self, output);
        KernelChecks.Require(self.Rank <= 2, $"a tensor of {self.Rank} dimensions, at most 2 are allowed");
        Swapped(args, self, 0, self.Rank == 2 ? 1 : 0, output);
    }

    private static void Swapped(in KernelArgs args, Tensor self, int dim0, int dim1, Tensor output)
    {
        Span<int> order = stackalloc int[self.Rank];
        for (int i = 0; i < order.Length; i++)
            order[i] = i == dim0 ? dim1 : i == dim1 ? dim0 : i;
        Permuted(args, self, order, output);
    }

    private static void Permuted(in KernelArgs args, Tensor self, ReadOnlySpan<int> order, Tensor output)
    {
        Span<int> sizes = stackalloc int[order.Length];
        Span<long> strides = stackalloc long[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            sizes[i] = self.Sizes[order[i]];
            strides[i] = self.Strides[order[i]];
        }
        KernelChecks.ResizeOut(output, sizes);
        LayoutCopy.Fill(args.Context, self, 0, strides, output);
    }

    private static void Flip(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var dims = args.Ints(1);
        var output = args.Tensor(2);
        KernelChecks.ResizeOut(output, self.Sizes);
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.SameType(self, output);
        Promotion.RequireRealOrBool(self.Type);
        // The official kernel takes channels-last memory as if it were contiguous.
        Span<long> strides = stackalloc long[self.Rank], to = stackalloc long[self.Rank];
        LayoutCopy.ContiguousStrides(self.Sizes, strides);
        LayoutCopy.ContiguousStrides(self.Sizes, to);
        long offset = 0;
        uint seen = 0;
        foreach (long dim in dims)
        {
            int d = KernelChecks.WrapDim(dim, self.Rank);
            KernelChecks.Require((seen & (1u << d)) == 0, $"dim {d} occurs twice");
            seen |= 1u << d;
            if (self.Rank == 0)
                continue;
            offset += strides[d] * (self.Sizes[d] - 1);
            strides[d] = -strides[d];
        }
        LayoutCopy.Run(args.Context, self, offset, strides, output, 0, to, self.Sizes);
    }

    private static void Roll(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var shifts = args.Ints(1);
        var dims = args.Ints(2);
        var output = args.Tensor(3);
        KernelChecks.ResizeOut(output, self.Sizes);
        KernelChecks.Require(self.Rank >= 1, "a zero-dimensional tensor cannot be rolled");
        KernelChecks.Require(shifts.Length > 0 && shifts.Length == dims.Length, $"{shifts.Length} shifts for {dims.Length} dims");
        KernelChecks.SameType(self, output);
        KernelChecks.SameDimOrders(self, output);
        Promotion.RequireRealOrBool(self.Type);
        if (self.Numel == 0)
            return;
        Span<long> shift = stackalloc long[self.Rank];
        shift.Clear();
        for (int i = 0; i < dims.Length; i++)
        {
            int d = KernelChecks.WrapDim(dims[i], self.Rank);
            long s = (shift[d] + shifts[i]) % self.Sizes[d];
            shift[d] = s < 0 ? s + self.Sizes[d] : s;
        }
        // The official kernel takes channels-last memory as if it were contiguous.
        Span<long> strides = stackalloc long[self.Rank];
        LayoutCopy.ContiguousStrides(self.Sizes, strides);
        RollFrom(args, self, output, shift, strides, 0, 0, 0, self.Sizes);
    }

    // Each rolled dim splits the copy in two: [0, n - s) goes to [s, n), [n - s, n) to [0, s).
    private static void RollFrom(in KernelArgs args, Tensor self, Tensor output, ReadOnlySpan<long> shift, ReadOnlySpan<long> strides, int dim, long from, long to, ReadOnlySpan<int> sizes)
    {
        while (dim < self.Rank && shift[dim] == 0)
            dim++;
        if (dim == self.Rank)
        {
            LayoutCopy.Run(args.Context, self, from, strides, output, to, strides, sizes);
            return;
        }
        int n = self.Sizes[dim], s = (int)shift[dim];
        Span<int> part = stackalloc int[sizes.Length];
        sizes.CopyTo(part);
        part[dim] = n - s;
        RollFrom(args, self, output, shift, strides, dim + 1, from, to + (s * strides[dim]), part);
        part[dim] = s;
        RollFrom(args, self, output, shift, strides, dim + 1, from + ((n - s) * strides[dim]), to, part);
    }

    private static TensorSpec[] PermuteShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        var dims = args[1].AsInts();
        Specs.Require(dims.Length == self.Rank, $"{dims.Length} dims for {self}");
        int[] order = Array.ConvertAll(dims, d => Specs.WrapDim(d, self.Rank));
        Specs.Require(order.Distinct().Count() == order.Length, "a dim occurs twice");
        return [Specs.Like(self, Array.ConvertAll(order, d => self.Sizes[d]))];
    }

    private static TensorSpec[] TransposeShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        int a = Specs.WrapDim(args[1].AsInt(), self.Rank), b = Specs.WrapDim(args[2].AsInt(), self.Rank);
        return self.Rank == 0 ? [self] : [Specs.Like(self, Specs.With(Specs.With(self.Sizes, a, self.Sizes[b]), b, self.Sizes[a]))];
    }

    private static TensorSpec[] TShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        Specs.Require(self.Rank <= 2, $"t of {self}");
        return [Specs.Like(self, [.. self.Sizes.Reverse()])];
    }
}
