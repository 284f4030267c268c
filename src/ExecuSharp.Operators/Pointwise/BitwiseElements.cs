using System.Numerics;
using System.Runtime.CompilerServices;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Functions of the bits of two integers. Bool computes as a byte of 0 or 1.</summary>
internal static class BitwiseElements
{
    internal readonly struct And : IBinaryElement
    {
        public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => FromLong<T>(ToLong(a) & ToLong(b));
    }

    internal readonly struct Or : IBinaryElement
    {
        public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => FromLong<T>(ToLong(a) | ToLong(b));
    }

    internal readonly struct Xor : IBinaryElement
    {
        public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => FromLong<T>(ToLong(a) ^ ToLong(b));
    }

    /// <summary>The count is taken modulo 32, or 64 for Long, as the x86 instruction does.</summary>
    internal readonly struct ShiftLeft : IBinaryElement
    {
        public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => Unsafe.SizeOf<T>() == 8
            ? FromLong<T>(ToLong(a) << (int)(ToLong(b) & 63))
            : FromLong<T>((int)ToLong(a) << (int)(ToLong(b) & 31));
    }

    /// <summary>Keeps the sign; the count is taken as in <see cref="ShiftLeft"/>.</summary>
    internal readonly struct ShiftRight : IBinaryElement
    {
        public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => Unsafe.SizeOf<T>() == 8
            ? FromLong<T>(ToLong(a) >> (int)(ToLong(b) & 63))
            : FromLong<T>((int)ToLong(a) >> (int)(ToLong(b) & 31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long ToLong<T>(T value) where T : unmanaged => ElementCast.Cast<T, long>(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T FromLong<T>(long value) where T : unmanaged => ElementCast.Cast<long, T>(value);
}
