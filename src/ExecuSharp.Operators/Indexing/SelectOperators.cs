using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Layout;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Indexing;

/// <summary>Whole rows by a list of indices.</summary>
internal static class SelectOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::index_select(Tensor self, int dim, Tensor index) -> Tensor")
        {
            OutName = "aten::index_select.out",
            Kernel = IndexSelect,
            Shape = IndexSelectShape,
        },
        new("aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool sparse=False) -> Tensor")
        {
            OutName = "aten::embedding.out",
            Kernel = Embedding,
            Shape = EmbeddingShape,
        },
    ];

    private static void IndexSelect(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), index = args.Tensor(2), output = args.Tensor(3);
        int dim = LayoutCopy.Dim(self, args.Int(1));
        int size = self.Rank == 0 ? 1 : self.Sizes[dim];
        KernelChecks.Require(size > 0, $"dim {dim} is empty");
        KernelChecks.SameType(self, output);
        KernelChecks.Require(index.Type is ScalarType.Long or ScalarType.Int && index.Rank <= 1, $"an index {index}");
        KernelChecks.Require(self.Rank > 0 || index.Numel == 1, $"an index {index} for a zero-dimensional tensor");
        int count = (int)index.Numel;
        using var rented = new Scratch<long>(count);
        var places = rented.Span;
        ElementBlocks.Load<long>(index, 0, 1, places);
        foreach (long place in places)
            KernelChecks.Require(place >= 0 && place < size, $"index {place} in dim {dim} of {size}");
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        Span<int> sizes = stackalloc int[self.Rank];
        self.Sizes.CopyTo(sizes);
        if (self.Rank > 0)
            sizes[dim] = count;
        KernelChecks.ResizeOut(output, sizes);
        if (output.Numel == 0)
            return;
        Copy(self.Bytes, output.Bytes, places, size, (self.Rank == 0 ? 1 : self.Strides[dim]) * self.Type.SizeOf());
    }

    private static void Copy(ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<long> places, int size, int block)
    {
        for (int outer = 0; outer < from.Length; outer += size * block)
            foreach (long place in places)
            {
                from.Slice(outer + ((int)place * block), block).CopyTo(to);
                to = to[block..];
            }
    }

    private static void Embedding(in KernelArgs args)
    {
        Tensor weight = args.Tensor(0), indices = args.Tensor(1), output = args.Tensor(5);
        KernelChecks.Require(weight.Rank == 2, $"a weight {weight}");
        KernelChecks.Require(output.Rank == indices.Rank + 1, $"an output {output} for indices {indices}");
        KernelChecks.SameType(weight, output);
        int rows = weight.Sizes[0], columns = weight.Sizes[1];
        Span<int> sizes = stackalloc int[output.Rank];
        indices.Sizes.CopyTo(sizes);
        sizes[^1] = columns;
        KernelChecks.ResizeOut(output, sizes);
        KernelChecks.SameDimOrders(weight, indices, output);
        KernelChecks.ContiguousOrder(weight);
        KernelChecks.Require(indices.Type is ScalarType.Long or ScalarType.Int, $"indices of type {indices.Type.Name()}");
        int block = columns * weight.Type.SizeOf();
        ReadOnlySpan<byte> from = weight.Bytes;
        var to = output.Bytes;
        for (int i = 0; i < indices.Numel; i++)
        {
            long place = ElementBlocks.Element<long>(indices, i);
            KernelChecks.Require(place >= 0 && place < rows, $"index {place} of {rows} rows");
            from.Slice((int)place * block, block).CopyTo(to[(i * block)..]);
        }
    }

    private static TensorSpec[] IndexSelectShape(IReadOnlyList<Argument> args)
    {
        TensorSpec self = args[0].AsSpec(), index = args[2].AsSpec();
        int dim = Specs.WrapDim(args[1].AsInt(), self.Rank);
        Specs.Require(index.Rank <= 1, $"index_select with {index}");
        return self.Rank == 0 ? [self] : [Specs.Like(self, Specs.With(self.Sizes, dim, index.Rank == 0 ? 1 : index.Sizes[0]))];
    }

    private static TensorSpec[] EmbeddingShape(IReadOnlyList<Argument> args)
    {
        TensorSpec weight = args[0].AsSpec(), indices = args[1].AsSpec();
        Specs.Require(weight.Rank == 2, $"embedding with {weight}");
        return [new TensorSpec(weight.Type, [.. indices.Sizes, weight.Sizes[1]])];
    }
}
