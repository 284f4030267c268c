using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Layout;

/// <summary>Operators that give a list of tensors.</summary>
internal static class SplitOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::split_copy.Tensor(Tensor self, SymInt split_size, int dim=0) -> Tensor[]")
        {
            OutName = "aten::split_copy.Tensor_out",
            Kernel = Split,
            Shape = SplitShape,
        },
        new("aten::split_with_sizes_copy(Tensor self, SymInt[] split_sizes, int dim=0) -> Tensor[]")
        {
            OutName = "aten::split_with_sizes_copy.out",
            Kernel = SplitWithSizes,
            Shape = SplitWithSizesShape,
        },
        new("aten::unbind_copy.int(Tensor self, int dim=0) -> Tensor[]")
        {
            OutName = "aten::unbind_copy.int_out",
            Kernel = Unbind,
            Shape = UnbindShape,
        },
    ];

    private static void Split(in KernelArgs args)
    {
        var self = args.Tensor(0);
        long size = args.Int(1);
        var outputs = args.Tensors(3);
        int dim = CheckedDim(self, args.Int(2));
        long n = self.Sizes[dim];
        KernelChecks.Require(size > 0 || (size == 0 && n == 0), $"split size {size} of {n}");
        long count = size >= n ? 1 : ((n - 1) / size) + 1;
        KernelChecks.Require(outputs.Length == count, $"{outputs.Length} outputs for {count} parts");
        Span<long> sizes = stackalloc long[outputs.Length];
        sizes.Fill(size);
        sizes[^1] = n - (size * (count - 1));
        Parts(args, self, dim, sizes, outputs);
    }

    private static void SplitWithSizes(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var sizes = args.Ints(1);
        var outputs = args.Tensors(3);
        int dim = CheckedDim(self, args.Int(2));
        KernelChecks.Require(sizes.Length == outputs.Length, $"{outputs.Length} outputs for {sizes.Length} parts");
        long sum = 0;
        foreach (long size in sizes)
        {
            KernelChecks.Require(size >= 0 && size <= self.Sizes[dim], $"a part of {size}");
            sum += size;
        }
        KernelChecks.Require(sum == self.Sizes[dim], $"parts of together {sum} of {self.Sizes[dim]}");
        Parts(args, self, dim, sizes, outputs);
    }

    private static void Parts(in KernelArgs args, Tensor self, int dim, ReadOnlySpan<long> parts, ReadOnlySpan<EValue?> outputs)
    {
        CheckOutputs(self, outputs);
        Span<int> sizes = stackalloc int[self.Rank];
        Span<long> strides = stackalloc long[self.Rank];
        self.Sizes.CopyTo(sizes);
        LayoutCopy.Strides(self, strides);
        long start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            var output = outputs[i]!.AsTensor();
            sizes[dim] = (int)parts[i];
            KernelChecks.ResizeOut(output, sizes);
            LayoutCopy.Fill(args.Context, self, start * strides[dim], strides, output);
            start += parts[i];
        }
    }

    private static void Unbind(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var outputs = args.Tensors(2);
        int dim = CheckedDim(self, args.Int(1));
        KernelChecks.Require(self.Sizes[dim] == outputs.Length, $"{outputs.Length} outputs for {self.Sizes[dim]} parts");
        CheckOutputs(self, outputs);
        KernelChecks.ContiguousOrder(self);
        Span<int> sizes = stackalloc int[self.Rank - 1];
        Span<long> strides = stackalloc long[self.Rank - 1];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = self.Sizes[i < dim ? i : i + 1];
            strides[i] = self.Strides[i < dim ? i : i + 1];
        }
        for (int i = 0; i < outputs.Length; i++)
        {
            var output = outputs[i]!.AsTensor();
            KernelChecks.ResizeOut(output, sizes);
            LayoutCopy.Fill(args.Context, self, (long)i * self.Strides[dim], strides, output);
        }
    }

    private static int CheckedDim(Tensor self, long dim)
    {
        if (dim < 0)
            dim += self.Rank;
        KernelChecks.Require(dim >= 0 && dim < self.Rank, $"a tensor of {self.Rank} dimensions has no dim {dim}");
        return (int)dim;
    }

    private static void CheckOutputs(Tensor self, ReadOnlySpan<EValue?> outputs)
    {
        Promotion.RequireRealOrBool(self.Type);
        foreach (var slot in outputs)
        {
            var output = slot!.AsTensor();
            KernelChecks.SameType(output, outputs[0]!.AsTensor());
            KernelChecks.SameDimOrders(self, output);
        }
    }

    private static TensorSpec[] SplitShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        int dim = Specs.WrapDim(args[2].AsInt(), self.Rank);
        long size = args[1].AsInt();
        var n = self.Sizes[dim];
        Specs.Require(n.IsStatic, $"split of {self} along a dynamic dim");
        Specs.Require(size > 0 || n.Value == 0, $"split size {size}");
        if (size >= n.Value)
            return [self];
        var parts = new List<TensorSpec>();
        for (long start = 0; start < n.Value; start += size)
            parts.Add(Specs.Like(self, Specs.With(self.Sizes, dim, Math.Min(size, n.Value - start))));
        return [.. parts];
    }

    private static TensorSpec[] SplitWithSizesShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        int dim = Specs.WrapDim(args[2].AsInt(), self.Rank);
        var sizes = args[1].AsDims();
        Specs.Require(sizes.Sum(s => s.Value) == self.Sizes[dim].Value, $"parts [{string.Join(", ", sizes)}] of {self}");
        return Array.ConvertAll(sizes, s => Specs.Like(self, Specs.With(self.Sizes, dim, s)));
    }

    private static TensorSpec[] UnbindShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        int dim = Specs.WrapDim(args[1].AsInt(), self.Rank);
        Specs.Require(self.Rank > 0 && self.Sizes[dim].IsStatic, $"unbind of {self} along dim {dim}");
        var part = new TensorSpec(self.Type, Specs.Without(self.Sizes, dim));
        return [.. Enumerable.Repeat(part, (int)self.Sizes[dim].Value)];
    }
}
