using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Layout;

/// <summary>Operators that give the same elements other sizes.</summary>
internal static class ViewOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::view_copy(Tensor self, SymInt[] size) -> Tensor")
        {
            OutName = "aten::view_copy.out",
            Kernel = View,
            Shape = ViewShapes.View,
        },
        new("aten::expand_copy(Tensor self, SymInt[] size, *, bool implicit=False) -> Tensor")
        {
            OutName = "aten::expand_copy.out",
            Kernel = Expand,
            Shape = ViewShapes.Expand,
        },
        new("aten::squeeze_copy.dim(Tensor self, int dim) -> Tensor")
        {
            OutName = "aten::squeeze_copy.dim_out",
            Kernel = SqueezeDim,
            Shape = ViewShapes.SqueezeDim,
        },
        new("aten::squeeze_copy.dims(Tensor self, int[] dim) -> Tensor")
        {
            OutName = "aten::squeeze_copy.dims_out",
            Kernel = SqueezeDims,
            Shape = ViewShapes.SqueezeDims,
        },
        new("aten::unsqueeze_copy(Tensor self, int dim) -> Tensor")
        {
            OutName = "aten::unsqueeze_copy.out",
            Kernel = Unsqueeze,
            Shape = ViewShapes.Unsqueeze,
        },
    ];

    private static void View(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var size = args.Ints(1);
        var output = args.Tensor(2);
        KernelChecks.Require(size.Length == output.Rank, $"{size.Length} sizes for an output of {output.Rank} dimensions");
        Span<int> sizes = stackalloc int[size.Length];
        long known = 1;
        int inferred = -1;
        for (int i = 0; i < size.Length; i++)
        {
            KernelChecks.Require(size[i] >= -1 && size[i] <= int.MaxValue, $"size {size[i]}");
            if (size[i] >= 0)
            {
                sizes[i] = (int)size[i];
                known = Math.Min(known * size[i], long.MaxValue >> 32);
                continue;
            }
            KernelChecks.Require(inferred < 0, "more than one size is -1");
            inferred = i;
        }
        if (inferred >= 0)
        {
            KernelChecks.Require(known > 0, "a size cannot be inferred beside a size of 0");
            sizes[inferred] = (int)(self.Numel / known);
        }
        KernelChecks.ResizeOut(output, sizes);
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        KernelChecks.Require(self.Numel == output.Numel, $"{self.Numel} elements become {output.Numel}");
        KernelChecks.SameType(self, output);
        LayoutCopy.Memory(self, output);
    }

    private static void Expand(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var size = args.Ints(1);
        bool isImplicit = args.Bool(2);
        var output = args.Tensor(3);
        KernelChecks.Require(!isImplicit, "implicit expansion is not supported");
        KernelChecks.Require(size.Length >= self.Rank, $"{size.Length} sizes for a tensor of {self.Rank} dimensions");
        KernelChecks.SameType(self, output);
        int lead = size.Length - self.Rank;
        Span<int> sizes = stackalloc int[size.Length];
        Span<long> strides = stackalloc long[size.Length];
        for (int i = 0; i < size.Length; i++)
        {
            int own = i < lead ? 1 : self.Sizes[i - lead];
            bool keep = size[i] == -1 && i >= lead;
            KernelChecks.Require(keep || (size[i] >= 0 && size[i] <= int.MaxValue && (own == 1 || own == size[i])), $"size {own} at {i} becomes {size[i]}");
            sizes[i] = keep ? own : (int)size[i];
            strides[i] = i < lead || own == 1 ? 0 : self.Strides[i - lead];
        }
        KernelChecks.ResizeOut(output, sizes);
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        LayoutCopy.Fill(args.Context, self, 0, strides, output);
    }

    private static void SqueezeDim(in KernelArgs args) => Squeeze(args, [args.Int(1)]);

    private static void SqueezeDims(in KernelArgs args) => Squeeze(args, args.Ints(1));

    private static void Squeeze(in KernelArgs args, ReadOnlySpan<long> dims)
    {
        var self = args.Tensor(0);
        var output = args.Tensor(2);
        KernelChecks.SameType(self, output);
        uint given = 0;
        foreach (long dim in dims)
        {
            int d = LayoutCopy.Dim(self, dim);
            KernelChecks.Require((given & (1u << d)) == 0, $"dim {d} occurs twice");
            given |= 1u << d;
        }
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        Span<int> sizes = stackalloc int[self.Rank];
        int rank = 0;
        for (int d = 0; d < self.Rank; d++)
            if ((given & (1u << d)) == 0 || self.Sizes[d] != 1)
                sizes[rank++] = self.Sizes[d];
        KernelChecks.ResizeOut(output, sizes[..rank]);
        LayoutCopy.Memory(self, output);
    }

    private static void Unsqueeze(in KernelArgs args)
    {
        var self = args.Tensor(0);
        long dim = args.Int(1);
        var output = args.Tensor(2);
        if (dim < 0)
            dim += output.Rank;
        KernelChecks.Require(dim >= 0 && self.Rank + 1 == output.Rank && dim <= self.Rank, $"dim {dim} in a tensor of {self.Rank} dimensions");
        Span<int> sizes = stackalloc int[output.Rank];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = i < dim ? self.Sizes[i] : i == dim ? 1 : self.Sizes[i - 1];
        KernelChecks.ResizeOut(output, sizes);
        KernelChecks.SameType(self, output);
        LayoutCopy.Memory(self, output);
    }
}
