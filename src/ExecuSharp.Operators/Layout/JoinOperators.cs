using ExecuSharp.Core;
using ExecuSharp.Kernels.Layout;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Layout;

/// <summary>Operators that join a list of tensors.</summary>
internal static class JoinOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::cat(Tensor[] tensors, int dim=0) -> Tensor")
        {
            OutName = "aten::cat.out",
            Kernel = Cat,
            Shape = CatShape,
        },
        new("aten::stack(Tensor[] tensors, int dim=0) -> Tensor")
        {
            OutName = "aten::stack.out",
            Kernel = Stack,
            Shape = StackShape,
        },
    ];

    private static void Cat(in KernelArgs args)
    {
        var slots = args.Tensors(0);
        var output = args.Tensor(2);
        long dim = args.Int(1) < 0 ? args.Int(1) + output.Rank : args.Int(1);
        KernelChecks.Require(slots.Length > 0 && dim >= 0, $"{slots.Length} tensors along dim {dim}");
        Tensor? first = null;
        var shape = slots[0]!.AsTensor();
        long length = 0;
        bool onlyEmptyVectors = true;
        foreach (var slot in slots)
        {
            var t = slot!.AsTensor();
            KernelChecks.Require(Promotion.CanCast(t.Type, output.Type), $"{t.Type.Name()} into {output.Type.Name()}");
            KernelChecks.SameDimOrders(t, output);
            if (t.Numel > 0)
            {
                first ??= t;
                CheckFits(t, first, (int)dim);
                length += t.Sizes[(int)dim];
            }
            if (t.Rank != 1 || t.Numel != 0)
            {
                shape = t;
                onlyEmptyVectors = false;
            }
        }
        Span<int> sizes = stackalloc int[shape.Rank];
        shape.Sizes.CopyTo(sizes);
        if (dim < sizes.Length)
            sizes[(int)dim] = checked((int)length);
        KernelChecks.ResizeOut(output, sizes);
        if (onlyEmptyVectors)
            return;
        if (!output.Type.IsComplex())
            Promotion.RequireRealOrBool(output.Type);
        Join(args, slots, (int)dim, output);
    }

    private static void CheckFits(Tensor t, Tensor first, int dim)
    {
        KernelChecks.Require(t.Rank == first.Rank && dim < t.Rank, $"tensors of sizes {Tensor.Format(first.Sizes)} and {Tensor.Format(t.Sizes)} along dim {dim}");
        for (int d = 0; d < t.Rank; d++)
            KernelChecks.Require(d == dim || t.Sizes[d] == first.Sizes[d], $"tensors of sizes {Tensor.Format(first.Sizes)} and {Tensor.Format(t.Sizes)} along dim {dim}");
    }

    private static void Join(in KernelArgs args, ReadOnlySpan<EValue?> slots, int dim, Tensor output)
    {
        Span<long> from = stackalloc long[output.Rank], to = stackalloc long[output.Rank];
        LayoutCopy.Strides(output, to);
        long start = 0;
        foreach (var slot in slots)
        {
            var t = slot!.AsTensor();
            if (t.Numel == 0)
                continue;
            KernelChecks.Require(!output.Type.IsComplex() || t.Type == output.Type, $"{t.Type.Name()} into {output.Type.Name()}");
            LayoutCopy.Strides(t, from);
            // The official kernel copies the bytes of any type of the same size: an int32 -6 becomes a NaN among float32.
            if (t.Type.SizeOf() == output.Type.SizeOf())
                StridedCopy.Run(args.Context, t.Bytes, 0, from, output.Bytes, start * to[dim], to, t.Sizes, t.Type.SizeOf());
            else
                LayoutCopy.Run(args.Context, t, 0, from, output, start * to[dim], to, t.Sizes);
            start += t.Sizes[dim];
        }
    }

    private static void Stack(in KernelArgs args)
    {
        var slots = args.Tensors(0);
        var output = args.Tensor(2);
        long dim = args.Int(1) < 0 ? args.Int(1) + output.Rank : args.Int(1);
        KernelChecks.Require(slots.Length > 0, "no tensors");
        var first = slots[0]!.AsTensor();
        foreach (var slot in slots)
        {
            var t = slot!.AsTensor();
            KernelChecks.Require(Promotion.CanCast(t.Type, output.Type), $"{t.Type.Name()} into {output.Type.Name()}");
            KernelChecks.Require(t.Sizes.SequenceEqual(first.Sizes), $"tensors of sizes {Tensor.Format(first.Sizes)} and {Tensor.Format(t.Sizes)}");
        }
        KernelChecks.Require(dim >= 0 && dim <= first.Rank, $"dim {dim} for tensors of {first.Rank} dimensions");
        foreach (var slot in slots)
            KernelChecks.SameDimOrders(slot!.AsTensor(), output);
        KernelChecks.ContiguousOrder(output);
        int d = (int)dim;
        Span<int> sizes = stackalloc int[first.Rank + 1];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = i < d ? first.Sizes[i] : i == d ? slots.Length : first.Sizes[i - 1];
        KernelChecks.ResizeOut(output, sizes);
        Promotion.RequireRealOrBool(output.Type);
        Span<long> from = stackalloc long[first.Rank], to = stackalloc long[first.Rank];
        for (int i = 0; i < to.Length; i++)
            to[i] = output.Strides[i < d ? i : i + 1];
        for (int i = 0; i < slots.Length; i++)
        {
            var t = slots[i]!.AsTensor();
            LayoutCopy.Strides(t, from);
            LayoutCopy.Run(args.Context, t, 0, from, output, (long)i * output.Strides[d], to, t.Sizes);
        }
    }

    private static TensorSpec[] CatShape(IReadOnlyList<Argument> args)
    {
        var all = args[0].AsList().Select(a => a.AsSpec()).ToArray();
        Specs.Require(all.Length > 0, "cat of no tensors");
        var type = all.Select(s => s.Type).Aggregate(ScalarTypes.Promote);
        var parts = all.Where(s => !(s.Rank == 1 && s.Sizes[0] is { IsStatic: true, Value: 0 })).ToArray();
        if (parts.Length == 0)
            return [all[0] with { Type = type }];
        var first = parts[0];
        int dim = Specs.WrapDim(args[1].AsInt(), first.Rank);
        Dim length = 0;
        foreach (var part in parts)
        {
            Specs.Require(part.Rank == first.Rank, $"cat of {first} and {part}");
            for (int d = 0; d < first.Rank; d++)
                Specs.Require(d == dim || part.Sizes[d].Value == first.Sizes[d].Value, $"cat of {first} and {part} along dim {dim}");
            length += part.Sizes[dim];
        }
        return [Specs.Like(first, Specs.With(first.Sizes, dim, length)) with { Type = type }];
    }

    private static TensorSpec[] StackShape(IReadOnlyList<Argument> args)
    {
        var all = args[0].AsList().Select(a => a.AsSpec()).ToArray();
        Specs.Require(all.Length > 0, "stack of no tensors");
        var first = all[0];
        foreach (var part in all)
            Specs.Require(part.MaxSizes.AsSpan().SequenceEqual(first.MaxSizes), $"stack of {first} and {part}");
        int dim = Specs.WrapDim(args[1].AsInt(), first.Rank + 1);
        var type = all.Select(s => s.Type).Aggregate(ScalarTypes.Promote);
        return [new TensorSpec(type, [.. first.Sizes[..dim], all.Length, .. first.Sizes[dim..]])];
    }
}
