using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.Storage;

/// <summary>Copies between strided and row-major order.</summary>
internal static class StridedCopy
{
    public static long[] RowMajor(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride = unchecked(stride * Math.Max(shape[i], 1));
        }
        return strides;
    }

    /// <summary>The bytes of a tensor in row-major order: its own, or a copy where its dim order is another.</summary>
    public static ReadOnlySpan<byte> RowMajor(Tensor tensor)
    {
        if (tensor.IsContiguousOrder || tensor.Numel == 0)
            return tensor.Bytes;
        var shape = new long[tensor.Rank];
        var strides = new long[tensor.Rank];
        for (int i = 0; i < tensor.Rank; i++)
            (shape[i], strides[i]) = (tensor.Sizes[i], tensor.Strides[i]);
        var copy = new byte[tensor.ByteLength];
        ToRowMajor(tensor.Bytes, copy, shape, strides, tensor.Type.SizeOf());
        return copy;
    }

    public static bool IsContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] == 0)
                return true;
            if (shape[i] != 1 && strides[i] != stride)
                return false;
            stride *= shape[i];
        }
        return true;
    }

    /// <summary>Gathers elements of <paramref name="size"/> bytes; the caller has checked that all are inside the source.</summary>
    public static void ToRowMajor(ReadOnlySpan<byte> source, Span<byte> target, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, int size)
    {
        int rank = shape.Length;
        if (rank == 0)
        {
            source[..size].CopyTo(target);
            return;
        }
        int inner = checked((int)shape[^1]);
        long innerStride = strides[^1];
        var index = new long[rank];
        long at = 0;
        for (int written = 0; written < target.Length; written += inner * size)
        {
            Row(source[(int)(at * size)..], target.Slice(written, inner * size), innerStride, size);
            for (int d = rank - 2; d >= 0; d--)
            {
                at += strides[d];
                if (++index[d] < shape[d])
                    break;
                at -= strides[d] * shape[d];
                index[d] = 0;
            }
        }
    }

    /// <summary>Reverses the bytes of each number of <paramref name="width"/> bytes.</summary>
    public static void SwapBytes(Span<byte> bytes, int width)
    {
        if (width == 1)
            return;
        for (int i = 0; i + width <= bytes.Length; i += width)
            bytes.Slice(i, width).Reverse();
    }

    private static void Row(ReadOnlySpan<byte> source, Span<byte> target, long stride, int size)
    {
        if (stride == 1)
        {
            source[..target.Length].CopyTo(target);
            return;
        }
        switch (size)
        {
            case 1: Row<byte>(source, target, stride); break;
            case 2: Row<ushort>(source, target, stride); break;
            case 4: Row<uint>(source, target, stride); break;
            case 8: Row<ulong>(source, target, stride); break;
            default: Row<UInt128>(source, target, stride); break;
        }
    }

    private static void Row<T>(ReadOnlySpan<byte> source, Span<byte> target, long stride) where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        long step = stride * size;
        for (int i = 0; i < target.Length; i += size)
        {
            MemoryMarshal.Write(target[i..], MemoryMarshal.Read<T>(source));
            if (i + size < target.Length)
                source = source[(int)step..];
        }
    }
}
