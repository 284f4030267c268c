using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExecuSharp.Kernels.Layout;

/// <summary>Copies of rows, fast also where rows are a few bytes long.</summary>
public static unsafe class Rows
{
    /// <summary>Copies <paramref name="count"/> rows of <paramref name="bytes"/> bytes between places at fixed distances.</summary>
    public static void Copy(byte* from, nint fromStride, byte* to, nint toStride, int bytes, int count)
    {
        switch (bytes)
        {
            case 1: Elements<byte>(from, fromStride, to, toStride, count); break;
            case 2: Elements<ushort>(from, fromStride, to, toStride, count); break;
            case 4: Elements<uint>(from, fromStride, to, toStride, count); break;
            case 8: Elements<ulong>(from, fromStride, to, toStride, count); break;
            default:
                if (fromStride == bytes && toStride == bytes)
                    Buffer.MemoryCopy(from, to, (long)bytes * count, (long)bytes * count);
                else
                    for (int i = 0; i < count; i++)
                        Copy(from + (i * fromStride), to + (i * toStride), bytes);
                break;
        }
    }

    /// <summary>Copies bytes that do not overlap; short copies need no call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(byte* from, byte* to, nint bytes)
    {
        // Two copies that overlap in the middle cover every length between one and two vectors.
        if (bytes > 256)
            Buffer.MemoryCopy(from, to, bytes, bytes);
        else if (bytes >= 32)
        {
            nint i = 0;
            for (; i + 32 <= bytes; i += 32)
                Vector256.Load(from + i).Store(to + i);
            Vector256.Load(from + bytes - 32).Store(to + bytes - 32);
        }
        else if (bytes >= 16)
        {
            var last = Vector128.Load(from + bytes - 16);
            Vector128.Load(from).Store(to);
            last.Store(to + bytes - 16);
        }
        else if (bytes >= 8)
        {
            ulong last = Unsafe.ReadUnaligned<ulong>(from + bytes - 8);
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<ulong>(from));
            Unsafe.WriteUnaligned(to + bytes - 8, last);
        }
        else if (bytes >= 4)
        {
            uint last = Unsafe.ReadUnaligned<uint>(from + bytes - 4);
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<uint>(from));
            Unsafe.WriteUnaligned(to + bytes - 4, last);
        }
        else
            for (nint i = 0; i < bytes; i++)
                to[i] = from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Elements<T>(byte* from, nint fromStride, byte* to, nint toStride, int count) where T : unmanaged
    {
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            T a = Unsafe.ReadUnaligned<T>(from), b = Unsafe.ReadUnaligned<T>(from + fromStride);
            T c = Unsafe.ReadUnaligned<T>(from + (2 * fromStride)), d = Unsafe.ReadUnaligned<T>(from + (3 * fromStride));
            Unsafe.WriteUnaligned(to, a);
            Unsafe.WriteUnaligned(to + toStride, b);
            Unsafe.WriteUnaligned(to + (2 * toStride), c);
            Unsafe.WriteUnaligned(to + (3 * toStride), d);
            from += 4 * fromStride;
            to += 4 * toStride;
        }
        for (; i < count; i++, from += fromStride, to += toStride)
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<T>(from));
    }
}
