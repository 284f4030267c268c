using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Reduction;

/// <summary>_softmax and _log_softmax.</summary>
internal static class SoftmaxOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::_softmax(Tensor self, int dim, bool half_to_float) -> Tensor")
        { OutName = "aten::_softmax.out", Kernel = Softmax, Shape = ShapeRules.SameAsFirst },
        new("aten::_log_softmax(Tensor self, int dim, bool half_to_float) -> Tensor")
        { OutName = "aten::_log_softmax.out", Kernel = LogSoftmax, Shape = ShapeRules.SameAsFirst },
    ];

    private static void Softmax(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3);
        int dim = Check(args, x, output);
        KernelChecks.SameDimOrders(x, output);
        if (x.Numel == 0)
            return;
        int count = x.Rank == 0 ? 1 : x.Sizes[dim], stride = x.Rank == 0 ? 1 : x.Strides[dim];
        long groups = x.Numel / count;
        if (!x.IsContiguousOrder)
            groups = ChannelsLastGroups(x, dim, count, stride, output);
        SoftmaxKernel.Run(args.Context, x, count, stride, groups, output, false);
    }

    /// <summary>
    /// The official kernel counts the groups of a channels-last tensor as if it were contiguous: it leaves elements unwritten, which are 0 here.
    /// </summary>
    private static long ChannelsLastGroups(Tensor x, int dim, int count, int stride, Tensor output)
    {
        long outer = 1;
        for (int d = 0; d < dim; d++)
            outer *= x.Sizes[d];
        output.Bytes.Clear();
        return Math.Min(outer * stride, x.Numel / ((long)count * stride) * stride);
    }

    /// <summary>The official kernel has no Double, does not compare dim orders, and takes the memory as contiguous.</summary>
    private static void LogSoftmax(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3);
        int dim = Check(args, x, output);
        KernelChecks.Require(x.Type != ScalarType.Double, "no kernel for Double");
        KernelChecks.Require(x.Rank == 0 || x.Sizes[dim] > 0, "the dim is empty");
        int stride = 1;
        for (int d = dim + 1; d < x.Rank; d++)
            stride *= x.Sizes[d];
        if (x.Numel > 0)
            SoftmaxKernel.Run(args.Context, x, x.Rank == 0 ? 1 : x.Sizes[dim], stride, x.Numel / (x.Rank == 0 ? 1 : x.Sizes[dim]), output, true);
    }

    private static int Check(in KernelArgs args, Tensor x, Tensor output)
    {
        KernelChecks.Require(!args.Bool(2), "half_to_float is not supported");
        KernelChecks.Require(x.Type.IsFloating(), $"no kernel for elements of type {x.Type.Name()}");
        KernelChecks.SameType(x, output);
        int dim = KernelChecks.WrapDim(args.Int(1), x.Rank);
        KernelChecks.ResizeOut(output, x.Sizes);
        return dim;
    }
}
