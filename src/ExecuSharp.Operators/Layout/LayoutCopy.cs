using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Layout;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Layout;

/// <summary>What the layout operators share: checks, strides, copies between views of tensors.</summary>
internal static class LayoutCopy
{
    /// <summary>Counts a negative dim from the end; a zero-dimensional tensor has the dims 0 and -1.</summary>
    public static int Dim(Tensor t, long dim) => KernelChecks.WrapDim(dim, t.Rank);

    /// <summary>Strides in elements.</summary>
    public static void Strides(Tensor t, Span<long> strides)
    {
        for (int d = 0; d < t.Rank; d++)
            strides[d] = t.Strides[d];
    }

    /// <summary>Fills a whole tensor from a view of another.</summary>
    public static void Fill(KernelContext context, Tensor source, long offset, ReadOnlySpan<long> strides, Tensor target)
    {
        Span<long> to = stackalloc long[target.Rank];
        Strides(target, to);
        Run(context, source, offset, strides, target, 0, to, target.Sizes);
    }

    /// <summary>Copies between views of two tensors; another element type is converted.</summary>
    public static void Run(KernelContext context, Tensor source, long sourceOffset, ReadOnlySpan<long> sourceStrides, Tensor target, long targetOffset, ReadOnlySpan<long> targetStrides, ReadOnlySpan<int> sizes)
    {
        if (source.Type == target.Type)
        {
            StridedCopy.Run(context, source.Bytes, sourceOffset, sourceStrides, target.Bytes, targetOffset, targetStrides, sizes, target.Type.SizeOf());
            return;
        }
        using var converted = new Scratch<byte>(checked((int)source.Numel * target.Type.SizeOf()));
        Convert(source, target.Type, converted.Span);
        StridedCopy.Run(context, converted.Span, sourceOffset, sourceStrides, target.Bytes, targetOffset, targetStrides, sizes, target.Type.SizeOf());
    }

    /// <summary>Writes the elements of a tensor in contiguous order.</summary>
    public static void ToContiguous(KernelContext context, Tensor source, Span<byte> target)
    {
        Span<long> from = stackalloc long[source.Rank], to = stackalloc long[source.Rank];
        Strides(source, from);
        ContiguousStrides(source.Sizes, to);
        StridedCopy.Run(context, source.Bytes, 0, from, target, 0, to, source.Sizes, source.Type.SizeOf());
    }

    /// <summary>Fills a tensor from elements in contiguous order.</summary>
    public static void FromContiguous(KernelContext context, ReadOnlySpan<byte> source, Tensor target)
    {
        Span<long> from = stackalloc long[target.Rank], to = stackalloc long[target.Rank];
        ContiguousStrides(target.Sizes, from);
        Strides(target, to);
        StridedCopy.Run(context, source, 0, from, target.Bytes, 0, to, target.Sizes, target.Type.SizeOf());
    }

    /// <summary>Strides in elements of a contiguous tensor.</summary>
    public static void ContiguousStrides(ReadOnlySpan<int> sizes, Span<long> strides)
    {
        long stride = 1;
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= sizes[d];
        }
    }

    /// <summary>Copies a tensor into another of the same sizes, whatever their dim orders.</summary>
    public static void Whole(KernelContext context, Tensor source, Tensor target)
    {
        Span<long> strides = stackalloc long[source.Rank];
        Strides(source, strides);
        Fill(context, source, 0, strides, target);
    }

    /// <summary>The bytes as they are.</summary>
    public static void Memory(Tensor source, Tensor target)
    {
        if (source.Numel > 0)
            source.Bytes.CopyTo(target.Bytes);
    }

    private static void Convert(Tensor source, ScalarType type, Span<byte> target)
    {
        Promotion.RequireRealOrBool(source.Type);
        Promotion.RequireRealOrBool(type);
        ElementDispatch.RealOrBool(type, new Conversion(source, target));
    }

    private readonly ref struct Conversion(Tensor source, Span<byte> target) : IElementAction
    {
        private readonly Span<byte> target = target;

        public void Run<T>() where T : unmanaged => ElementBlocks.Load(source, 0, 1, MemoryMarshal.Cast<byte, T>(target));
    }
}
