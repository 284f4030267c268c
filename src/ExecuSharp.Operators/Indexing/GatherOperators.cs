using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Layout;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Indexing;

/// <summary>Access by one index per element along a dimension.</summary>
internal static class GatherOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor")
        {
            OutName = "aten::gather.out",
            Kernel = Gather,
            Shape = args => [Specs.Like(args[0].AsSpec(), args[2].AsSpec().Sizes)],
        },
        new("aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor")
        {
            OutName = "aten::scatter.src_out",
            Kernel = Scatter,
            Shape = Specs.SameAsFirst,
        },
        new("aten::scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor")
        {
            OutName = "aten::scatter.value_out",
            Kernel = ScatterValue,
            Shape = Specs.SameAsFirst,
        },
        new("aten::scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor")
        {
            OutName = "aten::scatter_add.out",
            Kernel = ScatterAdd,
            Shape = Specs.SameAsFirst,
        },
    ];

    private static void Gather(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), index = args.Tensor(2), output = args.Tensor(4);
        KernelChecks.SameType(self, output);
        int dim = CheckIndex(self, args.Int(1), index);
        KernelChecks.ResizeOut(output, index.Sizes);
        Promotion.RequireRealOrBool(self.Type);
        int size = self.Type.SizeOf();
        var places = index.Span<long>();
        ReadOnlySpan<byte> from = self.Bytes;
        var to = output.Bytes;
        var walk = new IndexWalk(index, self, dim, output.Strides);
        while (walk.Next())
            from.Slice((int)walk.Indexed(places[walk.Place]) * size, size).CopyTo(to[(walk.Other * size)..]);
    }

    private static void Scatter(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), index = args.Tensor(2), source = args.Tensor(3), output = args.Tensor(4);
        int dim = CheckScatter(self, args.Int(1), index, source, output);
        Put(self, index, dim, source, output, accumulate: false);
    }

    private static void ScatterAdd(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), index = args.Tensor(2), source = args.Tensor(3), output = args.Tensor(4);
        int dim = CheckScatter(self, args.Int(1), index, source, output);
        KernelChecks.SameDimOrders(self, source, output);
        KernelChecks.ContiguousOrder(index);
        Put(self, index, dim, source, output, accumulate: true);
    }

    private static void ScatterValue(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), index = args.Tensor(2), output = args.Tensor(4);
        var value = args.Scalar(3);
        KernelChecks.SameType(self, output);
        int dim = CheckIndex(self, args.Int(1), index);
        Span<byte> element = stackalloc byte[16];
        Scalars.Write(value, self.Type, element);
        Put(self, index, dim, element[..self.Type.SizeOf()], default, output, accumulate: false);
    }

    private static void Put(Tensor self, Tensor index, int dim, Tensor source, Tensor output, bool accumulate) =>
        Put(self, index, dim, source.Bytes, source.Strides, output, accumulate);

    // A source without strides is one element for all.
    private static void Put(Tensor self, Tensor index, int dim, ReadOnlySpan<byte> from, ReadOnlySpan<int> strides, Tensor output, bool accumulate)
    {
        KernelChecks.ResizeOut(output, self.Sizes);
        Promotion.RequireRealOrBool(self.Type);
        LayoutCopy.Memory(self, output);
        int size = self.Type.SizeOf();
        var places = index.Span<long>();
        var to = output.Bytes;
        var walk = new IndexWalk(index, output, dim, strides);
        while (walk.Next())
        {
            var element = to.Slice((int)walk.Indexed(places[walk.Place]) * size, size);
            var value = from.Slice(walk.Other * size, size);
            if (accumulate)
                Accumulation.Add(self.Type, element, value);
            else
                value.CopyTo(element);
        }
    }

    private static int CheckScatter(Tensor self, long dim, Tensor index, Tensor source, Tensor output)
    {
        KernelChecks.SameType(self, output);
        KernelChecks.SameType(self, source);
        if (index.Numel > 0)
        {
            KernelChecks.Require(Math.Max(source.Rank, 1) == Math.Max(self.Rank, 1), $"a source {source} for {self}");
            for (int d = 0; d < index.Rank && d < source.Rank; d++)
                KernelChecks.Require(index.Sizes[d] <= source.Sizes[d], $"an index {index} for a source {source}");
        }
        return CheckIndex(self, dim, index);
    }

    private static int CheckIndex(Tensor self, long dim, Tensor index)
    {
        int d = LayoutCopy.Dim(self, dim);
        KernelChecks.Require(index.Type == ScalarType.Long, $"an index of type {index.Type.Name()}");
        if (index.Numel == 0)
            return d;
        KernelChecks.Require(Math.Max(self.Rank, 1) == Math.Max(index.Rank, 1), $"an index {index} for {self}");
        for (int i = 0; i < self.Rank; i++)
            KernelChecks.Require(i == d || (i < index.Rank ? index.Sizes[i] : 1) <= self.Sizes[i], $"an index {index} for {self}");
        long size = self.Rank == 0 ? 1 : self.Sizes[d];
        foreach (long place in index.Span<long>())
            KernelChecks.Require(place >= 0 && place < size, $"index {place} in dim {d} of {size}");
        return d;
    }
}
