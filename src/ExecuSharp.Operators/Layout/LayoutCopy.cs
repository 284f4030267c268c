using StridedCopy = ExecuSharp.Kernels.Layout.StridedCopy;
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
        source = Converted(source, target.Type);
        Kernels.Layout.StridedCopy.Run(context, source.Bytes, sourceOffset, sourceStrides, target.Bytes, targetOffset, targetStrides, sizes, target.Type.SizeOf());
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

    /// <summary>The tensor, or a copy of another element type.</summary>
    public static Tensor Converted(Tensor source, ScalarType type)
    {
        if (source.Type == type)
            return source;
        Promotion.RequireRealOrBool(source.Type);
        Promotion.RequireRealOrBool(type);
        var copy = Tensor.Empty(type, source.Sizes, [.. source.DimOrder]);
        switch (type)
        {
            case ScalarType.Float: ElementBlocks.Load(source, 0, 1, copy.Span<float>()); break;
            case ScalarType.Double: ElementBlocks.Load(source, 0, 1, copy.Span<double>()); break;
            case ScalarType.Half: ElementBlocks.Load(source, 0, 1, copy.Span<Half>()); break;
            case ScalarType.BFloat16: ElementBlocks.Load(source, 0, 1, copy.Span<BFloat16>()); break;
            case ScalarType.Long: ElementBlocks.Load(source, 0, 1, copy.Span<long>()); break;
            case ScalarType.Int: ElementBlocks.Load(source, 0, 1, copy.Span<int>()); break;
            case ScalarType.Short: ElementBlocks.Load(source, 0, 1, copy.Span<short>()); break;
            case ScalarType.Char: ElementBlocks.Load(source, 0, 1, copy.Span<sbyte>()); break;
            case ScalarType.Byte: ElementBlocks.Load(source, 0, 1, copy.Span<byte>()); break;
            default: ElementBlocks.Load(source, 0, 1, copy.Span<bool>()); break;
        }
        return copy;
    }
}
