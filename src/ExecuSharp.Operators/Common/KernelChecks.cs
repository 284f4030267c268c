using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ExecuSharp.Core;

namespace ExecuSharp.Operators.Common;

/// <summary>The checks that out-variant kernels share. A failed check is InvalidArgument (0x12), as in the official kernels.</summary>
internal static class KernelChecks
{
    public static void Require([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition)
            Fail(message);
    }

    public static void Require([DoesNotReturnIf(false)] bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref CheckMessage message)
    {
        if (!condition)
            Fail(message.Take());
    }

    [DoesNotReturn]
    public static void Fail(string message) => throw new ExecuTorchException(ErrorCode.InvalidArgument, message);

    /// <summary>Gives the output its sizes. A static output of other sizes, or one too small, is InvalidArgument.</summary>
    public static void ResizeOut(Tensor output, ReadOnlySpan<int> sizes)
    {
        if (sizes.SequenceEqual(output.Sizes))
            return;
        try
        {
            output.Resize(sizes);
        }
        catch (ExecuTorchException e)
        {
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"output: {e.Detail}", e);
        }
    }

    /// <summary>Two tensors must have the same dim order.</summary>
    public static void SameDimOrder(Tensor a, Tensor b)
    {
        if (!a.DimOrder.SequenceEqual(b.DimOrder))
            Fail($"tensors have different dim orders: [{string.Join(", ", a.DimOrder.ToArray())}] and [{string.Join(", ", b.DimOrder.ToArray())}]");
    }

    /// <summary>All tensors must be contiguous, or all channels-last. A zero-dimensional tensor counts as contiguous.</summary>
    public static void SameDimOrders(params ReadOnlySpan<Tensor> tensors)
    {
        bool contiguous = true, channelsLast = true;
        foreach (var t in tensors)
        {
            contiguous &= t.IsContiguousOrder;
            channelsLast &= IsChannelsLast(t);
        }
        Require(contiguous || channelsLast, "tensors have different dim orders");
    }

    /// <summary>Dim order 0, 2, 3, 1 or 0, 2, 3, 4, 1.</summary>
    public static bool IsChannelsLast(Tensor t) =>
        t.DimOrder.SequenceEqual((ReadOnlySpan<byte>)[0, 2, 3, 1]) || t.DimOrder.SequenceEqual((ReadOnlySpan<byte>)[0, 2, 3, 4, 1]);

    public static void ContiguousOrder(Tensor t)
    {
        if (!t.IsContiguousOrder)
            Fail($"a tensor has dim order [{string.Join(", ", t.DimOrder.ToArray())}], the contiguous order is needed");
    }

    public static void SameType(Tensor a, Tensor b) =>
        Require(a.Type == b.Type, $"tensors have different types: {a.Type.Name()} and {b.Type.Name()}");

    /// <summary>Counts a negative dim from the end; a zero-dimensional tensor has the dims 0 and -1.</summary>
    public static int WrapDim(long dim, int rank)
    {
        int r = Math.Max(rank, 1);
        Require(dim >= -r && dim < r, $"dim {dim} is outside [{-r}, {r})");
        return (int)(dim < 0 ? dim + r : dim);
    }
}
