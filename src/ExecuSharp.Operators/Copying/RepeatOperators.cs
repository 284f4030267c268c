using ExecuSharp.Core;
using ExecuSharp.Kernels.Layout;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Copying;

/// <summary>repeat and repeat_interleave.</summary>
internal static class RepeatOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::repeat(Tensor self, SymInt[] repeats) -> Tensor")
        { OutName = "aten::repeat.out", Kernel = Repeat, Shape = RepeatShape },
        new("aten::repeat_interleave.Tensor(Tensor repeats, *, SymInt? output_size=None) -> Tensor")
        { OutName = "aten::repeat_interleave.Tensor_out", Kernel = RepeatInterleave, Shape = RepeatInterleaveShape },
    ];

    private static TensorSpec[] RepeatShape(IReadOnlyList<Argument> args)
    {
        var spec = args[0].AsSpec();
        var repeats = args[1].AsDims();
        int lead = repeats.Length - spec.Rank;
        if (lead < 0)
            throw new InvalidOperationException($"{repeats.Length} repeats for {spec}");
        return [new TensorSpec(spec.Type, [.. repeats.Select((r, i) => i < lead ? r : r * spec.Sizes[i - lead])])];
    }

    private static TensorSpec[] RepeatInterleaveShape(IReadOnlyList<Argument> args) => args[1].IsNone
        ? throw new InvalidOperationException("repeat_interleave needs an output_size: its output depends on values")
        : [new TensorSpec(args[0].AsSpec().Type, args[1].AsDim())];

    private static void Repeat(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(2);
        var repeats = args.Ints(1);
        int lead = repeats.Length - x.Rank;
        KernelChecks.Require(lead >= 0 && repeats.Length < Broadcasting.MaxRank, $"{repeats.Length} repeats for {x}");
        KernelChecks.SameType(x, output);
        Span<int> sizes = stackalloc int[repeats.Length];
        Span<int> viewSizes = stackalloc int[2 * repeats.Length];
        Span<long> from = stackalloc long[2 * repeats.Length], to = stackalloc long[2 * repeats.Length];
        for (int d = 0; d < repeats.Length; d++)
        {
            KernelChecks.Require(repeats[d] is >= 0 and <= int.MaxValue, $"{repeats[d]} repeats");
            int size = d < lead ? 1 : x.Sizes[d - lead];
            sizes[d] = checked((int)repeats[d] * size);
            (viewSizes[2 * d], from[2 * d]) = ((int)repeats[d], 0);
            (viewSizes[(2 * d) + 1], from[(2 * d) + 1]) = (size, d < lead ? 0 : x.Strides[d - lead]);
        }
        KernelChecks.SameDimOrders(x, output);
        KernelChecks.ContiguousOrder(x);
        KernelChecks.ResizeOut(output, sizes);
        if (output.Numel == 0)
            return;
        long step = 1;
        for (int d = to.Length - 1; d >= 0; d--)
        {
            to[d] = step;
            step *= viewSizes[d];
        }
        StridedCopy.Run(args.Context, x.Bytes, 0, from, output.Bytes, 0, to, viewSizes, x.Type.SizeOf());
    }

    private static void RepeatInterleave(in KernelArgs args)
    {
        Tensor repeats = args.Tensor(0), output = args.Tensor(2);
        KernelChecks.Require(repeats.Type is ScalarType.Int or ScalarType.Long, $"repeats are {repeats.Type.Name()}, not Int or Long");
        KernelChecks.Require(repeats.Rank == 1, $"repeats have {repeats.Rank} dimensions, not 1");
        KernelChecks.SameType(repeats, output);
        long total = 0;
        for (int i = 0; i < repeats.Numel; i++)
        {
            long n = ElementBlocks.Element<long>(repeats, i);
            KernelChecks.Require(n >= 0, $"{n} repeats");
            total += n;
        }
        KernelChecks.Require((args.OptionalInt(1) ?? total) == total && total <= int.MaxValue, $"output_size is {args.OptionalInt(1)}, the repeats add up to {total}");
        KernelChecks.SameDimOrders(repeats, output);
        KernelChecks.ResizeOut(output, [(int)total]);
        if (repeats.Type == ScalarType.Long)
            Fill(repeats.Span<long>(), output.Span<long>());
        else
            Fill(repeats.Span<int>(), output.Span<int>());
    }

    private static void Fill<T>(ReadOnlySpan<T> repeats, Span<T> output) where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        int at = 0;
        for (int i = 0; i < repeats.Length; i++)
        {
            int n = int.CreateChecked(repeats[i]);
            output.Slice(at, n).Fill(T.CreateTruncating(i));
            at += n;
        }
    }
}
