using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Masking;

/// <summary>masked_select and masked_scatter: elements taken or given one after the other.</summary>
internal static class MaskedMoves
{
    private const int Block = 512;

    /// <summary>aten::masked_select.out(self, mask, out).</summary>
    public static void Select(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), mask = args.Tensor(1), output = args.Tensor(2);
        Check(x, mask, output);
        Span<int> room = stackalloc int[Broadcasting.MaxRank];
        var sizes = Broadcasting.Sizes(x.Sizes, mask.Sizes, room);
        long all = 1;
        foreach (int s in sizes)
            all *= s;
        long kept = 0;
        foreach (byte m in mask.Span<byte>())
            kept += m != 0 ? 1 : 0;
        KernelChecks.ResizeOut(output, [all == 0 ? 0 : checked((int)(kept * (all / mask.Numel)))]);
        if (all > 0)
            ElementDispatch.RealOrBool(x.Type, new SelectAction(x, mask, output, sizes, all));
    }

    /// <summary>aten::masked_scatter.out(self, mask, source, out).</summary>
    public static void Scatter(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), mask = args.Tensor(1), source = args.Tensor(2), output = args.Tensor(3);
        KernelChecks.SameType(x, source);
        Check(x, mask, output);
        Broadcasting.ResizeOut(x, mask, output);
        ElementDispatch.RealOrBool(x.Type, new ScatterAction(x, mask, source, output));
    }

    private static void Check(Tensor x, Tensor mask, Tensor output)
    {
        Promotion.RequireRealOrBool(x.Type);
        KernelChecks.Require(mask.Type == ScalarType.Bool, $"the mask is {mask.Type.Name()}, not Bool");
        KernelChecks.SameType(x, output);
        KernelChecks.SameDimOrders(x, mask, output);
    }

    private static bool Linear(Tensor x, Tensor mask, ReadOnlySpan<int> sizes) => x.Sizes.SequenceEqual(sizes) && mask.Sizes.SequenceEqual(sizes);

    private readonly ref struct SelectAction(Tensor x, Tensor mask, Tensor output, ReadOnlySpan<int> sizes, long all) : IElementAction
    {
        private readonly ReadOnlySpan<int> sizes = sizes;

        public void Run<T>() where T : unmanaged
        {
            bool linear = Linear(x, mask, sizes);
            var values = new OperandReader<T>(x, sizes, linear, x.Type, stackalloc T[Block]);
            var choices = new OperandReader<byte>(mask, sizes, linear, ScalarType.Bool, stackalloc byte[Block]);
            var target = output.Span<T>();
            int next = 0;
            for (long at = 0; at < all; at += Block)
            {
                int n = (int)Math.Min(Block, all - at);
                var value = values.Read(at, n);
                var choice = choices.Read(at, n);
                for (int i = 0; i < n; i++)
                    if (choice[i] != 0)
                        target[next++] = value[i];
            }
        }
    }

    private readonly struct ScatterAction(Tensor x, Tensor mask, Tensor source, Tensor output) : IElementAction
    {
        public void Run<T>() where T : unmanaged
        {
            bool linear = Linear(x, mask, output.Sizes);
            var values = new OperandReader<T>(x, output.Sizes, linear, x.Type, stackalloc T[Block]);
            var choices = new OperandReader<byte>(mask, output.Sizes, linear, ScalarType.Bool, stackalloc byte[Block]);
            var given = source.Span<T>();
            var target = output.Span<T>();
            int next = 0;
            for (int at = 0; at < target.Length; at += Block)
            {
                int n = Math.Min(Block, target.Length - at);
                var value = values.Read(at, n);
                var choice = choices.Read(at, n);
                for (int i = 0; i < n; i++)
                {
                    KernelChecks.Require(choice[i] == 0 || next < given.Length, $"the source has only {given.Length} elements");
                    target[at + i] = choice[i] != 0 ? given[next++] : value[i];
                }
            }
        }
    }
}
