using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecuSharp.Core;

namespace ExecuSharp.Operators.Common;

/// <summary>Copies a strided view of a tensor's memory, element by element of any size, to consecutive elements.</summary>
internal static class StridedCopy
{
    /// <summary>Room for the dimensions of a view.</summary>
    public const int MaxRank = 32;

    /// <summary>Copies the view to the front of the target's memory.</summary>
    /// <param name="source">The memory.</param>
    /// <param name="sizes">Sizes of the view.</param>
    /// <param name="strides">Distance in elements between neighbours along each dimension of the view; 0 repeats.</param>
    /// <param name="origin">Element of the memory at which the view starts.</param>
    /// <param name="target">As many elements as the view, of the same size.</param>
    public static void Run(Tensor source, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides, long origin, Tensor target) =>
        ElementDispatch.BySize(source.Type, new Action(source, sizes, strides, origin, target));

    private readonly ref struct Action(Tensor source, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides, long origin, Tensor target) : IElementAction
    {
        private readonly ReadOnlySpan<int> sizes = sizes;
        private readonly ReadOnlySpan<int> strides = strides;

        public void Run<T>() where T : unmanaged =>
            Copy(MemoryMarshal.Cast<byte, T>(source.Bytes), sizes, strides, origin, MemoryMarshal.Cast<byte, T>(target.Bytes));
    }

    private static void Copy<T>(ReadOnlySpan<T> source, ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides, long origin, Span<T> target) where T : unmanaged
    {
        Span<int> size = stackalloc int[MaxRank], stride = stackalloc int[MaxRank], index = stackalloc int[MaxRank];
        int rank = Collapse(sizes, strides, size, stride);
        index.Clear();
        int inner = size[rank - 1], step = stride[rank - 1];
        long offset = origin;
        for (int at = 0; at < target.Length; at += inner)
        {
            CopyRun(source, (int)offset, step, target.Slice(at, inner));
            for (int d = rank - 2; d >= 0; d--)
            {
                offset += stride[d];
                if (++index[d] < size[d])
                    break;
                offset -= (long)size[d] * stride[d];
                index[d] = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRun<T>(ReadOnlySpan<T> source, int offset, int step, Span<T> target) where T : unmanaged
    {
        if (step == 1)
        {
            source.Slice(offset, target.Length).CopyTo(target);
            return;
        }
        for (int i = 0; i < target.Length; i++)
            target[i] = source[offset + (i * step)];
    }

    private static int Collapse(ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides, Span<int> size, Span<int> stride)
    {
        int last = -1;
        for (int d = 0; d < sizes.Length; d++)
        {
            if (sizes[d] == 1)
                continue;
            if (last >= 0 && stride[last] == (long)strides[d] * sizes[d])
            {
                size[last] *= sizes[d];
                stride[last] = strides[d];
                continue;
            }
            last++;
            size[last] = sizes[d];
            stride[last] = strides[d];
        }
        if (last >= 0)
            return last + 1;
        size[0] = 1;
        stride[0] = 1;
        return 1;
    }
}
