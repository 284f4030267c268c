using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Layout;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Indexing;

/// <summary>The largest or smallest elements along a dimension.</summary>
internal static class TopkOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)")
        {
            OutName = "aten::topk.values",
            OutCount = 2,
            Kernel = Topk,
            Shape = TopkShape,
        },
    ];

    private static void Topk(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), values = args.Tensor(5), indices = args.Tensor(6);
        long k = args.Int(1);
        KernelChecks.SameType(self, values);
        KernelChecks.Require(indices.Type == ScalarType.Long, $"indices of type {indices.Type.Name()}");
        int dim = LayoutCopy.Dim(self, args.Int(2));
        int size = self.Rank == 0 ? 1 : self.Sizes[dim];
        KernelChecks.Require(k >= 0 && k <= size, $"k {k} of {size}");
        Span<int> sizes = stackalloc int[self.Rank];
        self.Sizes.CopyTo(sizes);
        if (self.Rank > 0)
            sizes[dim] = (int)k;
        KernelChecks.ResizeOut(values, sizes);
        KernelChecks.ResizeOut(indices, sizes);
        if (self.Numel == 0 || (k == 0 && self.Rank > 0))
            return;
        KernelChecks.Require(Promotion.IsReal(self.Type), $"no kernel for elements of type {self.Type.Name()}");
        switch (Compute.Of(self.Type))
        {
            case ScalarType.Float: Topk<float>(args, self, dim, size, Math.Max((int)k, 1), values, indices); break;
            case ScalarType.Double: Topk<double>(args, self, dim, size, Math.Max((int)k, 1), values, indices); break;
            default: Topk<long>(args, self, dim, size, Math.Max((int)k, 1), values, indices); break;
        }
    }

    private static void Topk<T>(in KernelArgs args, Tensor self, int dim, int size, int k, Tensor values, Tensor indices) where T : unmanaged, System.Numerics.INumber<T>
    {
        bool largest = args.Bool(3), sorted = args.Bool(4);
        Values<T> x = Values<T>.Of(args.Context, self), y = Values<T>.For(args.Context, values);
        var places = Values<long>.For(args.Context, indices);
        int inner = 1;
        for (int d = dim + 1; d < self.Rank; d++)
            inner *= self.Sizes[d];
        using var rented = new Scratch<Ranked<T>>(size);
        var row = rented.Span;
        for (int line = 0; line < x.Span.Length / size; line++)
        {
            int from = (line / inner * size * inner) + (line % inner), to = (line / inner * k * inner) + (line % inner);
            for (int i = 0; i < size; i++)
                row[i] = new Ranked<T>(x.Span[from + (i * inner)], i);
            new PartialOrder<T>(row, largest).Apply(k, sorted);
            for (int i = 0; i < k; i++)
            {
                y.Span[to + (i * inner)] = row[i].Value;
                places.Span[to + (i * inner)] = row[i].Index;
            }
        }
        y.Store(args.Context);
        places.Store(args.Context);
        x.Release();
    }

    private static TensorSpec[] TopkShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        int dim = Specs.WrapDim(args[2].AsInt(), self.Rank);
        var values = self.Rank == 0 ? self : Specs.Like(self, Specs.With(self.Sizes, dim, args[1].AsDim()));
        return [values, values with { Type = ScalarType.Long }];
    }
}
