using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Layout;

/// <summary>Copies that may change the dim order or the element type.</summary>
internal static class DimOrderOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("dim_order_ops::_to_dim_order_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool non_blocking=False, int[]? dim_order=None) -> Tensor")
        {
            OutName = "dim_order_ops::_to_dim_order_copy.out",
            Kernel = ToDimOrder,
            Shape = args => [Ordered(args[0].AsSpec() with { Type = Specs.TypeOr(args[1], args[0].AsSpec().Type) }, args[6])],
        },
        new("dim_order_ops::_clone_dim_order(Tensor self, *, bool non_blocking=False, int[]? dim_order=None) -> Tensor")
        {
            OutName = "dim_order_ops::_clone_dim_order.out",
            Kernel = Clone,
            Shape = args => [Ordered(args[0].AsSpec(), args[2])],
        },
        new("dim_order_ops::_empty_dim_order(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, int[]? dim_order=None) -> Tensor")
        {
            OutName = "dim_order_ops::_empty_dim_order.out",
            Kernel = Empty,
            Shape = args => [Ordered(new TensorSpec(Specs.TypeOr(args[1], ScalarType.Float), args[0].AsDims()), args[5])],
        },
        new("et_copy::_h2d_copy(Tensor self) -> Tensor")
        {
            OutName = "et_copy::_h2d_copy.out",
            Kernel = DeviceCopy,
            Shape = Specs.SameAsFirst,
        },
        new("et_copy::_d2h_copy(Tensor self) -> Tensor")
        {
            OutName = "et_copy::_d2h_copy.out",
            Kernel = DeviceCopy,
            Shape = Specs.SameAsFirst,
        },
    ];

    private static void ToDimOrder(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var output = args.Tensor(3);
        Check(args, self, output);
        KernelChecks.ResizeOut(output, self.Sizes);
        if (self.Numel == 0)
            return;
        if (self.Type.IsComplex() || output.Type.IsComplex())
            KernelChecks.Require(self.Type == output.Type, $"{self.Type.Name()} into {output.Type.Name()}");
        else
            Promotion.RequireRealOrBool(self.Type);
        LayoutCopy.Whole(args.Context, self, output);
    }

    private static void Clone(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var output = args.Tensor(3);
        KernelChecks.SameType(self, output);
        Check(args, self, output);
        KernelChecks.ResizeOut(output, self.Sizes);
        LayoutCopy.Whole(args.Context, self, output);
    }

    private static void Check(in KernelArgs args, Tensor self, Tensor output)
    {
        KernelChecks.Require(!args.Bool(1), "non_blocking is not supported");
        var order = args.OptionalInts(2, out bool given);
        if (!given)
        {
            KernelChecks.Require(output.DimOrder.SequenceEqual(self.DimOrder), "the output has another dim order than the input");
            return;
        }
        KernelChecks.Require(order.Length == self.Rank, $"a dim order of {order.Length} for {self.Rank} dimensions");
        CheckOrder(order, output);
    }

    private static void CheckOrder(ReadOnlySpan<long> order, Tensor output)
    {
        KernelChecks.Require(order.Length == output.Rank, $"a dim order of {order.Length} for {output.Rank} dimensions");
        for (int i = 0; i < order.Length; i++)
            KernelChecks.Require(order[i] == output.DimOrder[i], $"the output has another dim order than [{string.Join(", ", order.ToArray())}]");
        KernelChecks.Require(output.IsContiguousOrder || KernelChecks.IsChannelsLast(output), "a dim order that is neither contiguous nor channels-last");
    }

    // The official kernel notes a wrong dim order and goes on.
    private static void Empty(in KernelArgs args)
    {
        var size = args.Ints(0);
        var output = args.Tensor(2);
        Span<int> sizes = stackalloc int[size.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            KernelChecks.Require(size[i] is >= 0 and <= int.MaxValue, $"size {size[i]}");
            sizes[i] = (int)size[i];
        }
        KernelChecks.ResizeOut(output, sizes);
    }

    private static void DeviceCopy(in KernelArgs args) =>
        KernelChecks.Fail("a copy between devices, but there is only the CPU");

    private static TensorSpec Ordered(TensorSpec spec, Argument order) =>
        order.IsNone ? spec : spec with { DimOrder = Array.ConvertAll(order.AsInts(), d => (byte)d) };
}
