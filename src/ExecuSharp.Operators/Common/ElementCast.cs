using System.Runtime.CompilerServices;
using ExecuSharp.Core;

namespace ExecuSharp.Operators.Common;

/// <summary>
/// Conversion of one element, as C++ <c>static_cast</c> does in the official kernels: 16-bit floats convert through float32, integers wrap,
/// floats truncate towards zero, and a truth value is "not zero". A float that does not fit an integer is undefined in C++; it gives what x86-64 gives, the
/// smallest integer.
/// </summary>
internal static class ElementCast
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TTo Cast<TFrom, TTo>(TFrom value) where TFrom : unmanaged where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(TTo))
            return Unsafe.As<TFrom, TTo>(ref value);
        if (typeof(TFrom) == typeof(double))
            return FromDouble<TTo>(Unsafe.As<TFrom, double>(ref value));
        if (typeof(TFrom) == typeof(float))
            return FromFloat<TTo>(Unsafe.As<TFrom, float>(ref value));
        if (typeof(TFrom) == typeof(Half))
            return FromFloat<TTo>((float)Unsafe.As<TFrom, Half>(ref value));
        if (typeof(TFrom) == typeof(BFloat16))
            return FromFloat<TTo>(Unsafe.As<TFrom, BFloat16>(ref value));
        if (typeof(TFrom) == typeof(bool))
            return FromLong<TTo>(Unsafe.As<TFrom, byte>(ref value) != 0 ? 1 : 0);
        return FromLong<TTo>(ToLong(value));
    }

    /// <summary>A number argument as an element.</summary>
    public static T Cast<T>(Scalar value) where T : unmanaged =>
        value.IsDouble ? Cast<double, T>(value.ToDouble()) : Cast<long, T>(value.ToLong());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long ToLong<TFrom>(TFrom value) where TFrom : unmanaged
    {
        if (typeof(TFrom) == typeof(long) || typeof(TFrom) == typeof(ulong))
            return Unsafe.As<TFrom, long>(ref value);
        if (typeof(TFrom) == typeof(int))
            return Unsafe.As<TFrom, int>(ref value);
        if (typeof(TFrom) == typeof(short))
            return Unsafe.As<TFrom, short>(ref value);
        if (typeof(TFrom) == typeof(sbyte))
            return Unsafe.As<TFrom, sbyte>(ref value);
        if (typeof(TFrom) == typeof(byte))
            return Unsafe.As<TFrom, byte>(ref value);
        if (typeof(TFrom) == typeof(ushort))
            return Unsafe.As<TFrom, ushort>(ref value);
        if (typeof(TFrom) == typeof(uint))
            return Unsafe.As<TFrom, uint>(ref value);
        throw new NotSupportedException(typeof(TFrom).Name);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo FromLong<TTo>(long value) where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(float))
            return As<float, TTo>(value);
        if (typeof(TTo) == typeof(double))
            return As<double, TTo>(value);
        if (typeof(TTo) == typeof(Half))
            return As<Half, TTo>((Half)(float)value);
        if (typeof(TTo) == typeof(BFloat16))
            return As<BFloat16, TTo>((BFloat16)(float)value);
        if (typeof(TTo) == typeof(bool))
            return As<bool, TTo>(value != 0);
        if (Unsafe.SizeOf<TTo>() == 1)
            return As<byte, TTo>(unchecked((byte)value));
        if (Unsafe.SizeOf<TTo>() == 2)
            return As<ushort, TTo>(unchecked((ushort)value));
        if (Unsafe.SizeOf<TTo>() == 4)
            return As<uint, TTo>(unchecked((uint)value));
        return As<long, TTo>(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo FromFloat<TTo>(float value) where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(float))
            return As<float, TTo>(value);
        if (typeof(TTo) == typeof(double))
            return As<double, TTo>(value);
        if (typeof(TTo) == typeof(Half))
            return As<Half, TTo>((Half)value);
        if (typeof(TTo) == typeof(BFloat16))
            return As<BFloat16, TTo>((BFloat16)value);
        if (typeof(TTo) == typeof(bool))
            return As<bool, TTo>(value != 0);
        if (typeof(TTo) == typeof(int))
            return As<int, TTo>(value is >= int.MinValue and < 2147483648f ? (int)value : int.MinValue);
        return FromLong<TTo>(value is >= long.MinValue and < 9223372036854775808f ? (long)value : long.MinValue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo FromDouble<TTo>(double value) where TTo : unmanaged
    {
        if (typeof(TTo) == typeof(double))
            return As<double, TTo>(value);
        if (typeof(TTo) == typeof(bool))
            return As<bool, TTo>(value != 0);
        if (typeof(TTo) == typeof(float) || typeof(TTo) == typeof(Half) || typeof(TTo) == typeof(BFloat16))
            return FromFloat<TTo>((float)value);
        if (typeof(TTo) == typeof(int))
            return As<int, TTo>(value is > int.MinValue - 1.0 and < 2147483648.0 ? (int)value : int.MinValue);
        return FromLong<TTo>(value is >= long.MinValue and < 9223372036854775808.0 ? (long)value : long.MinValue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo As<T, TTo>(T value) where T : unmanaged where TTo : unmanaged => Unsafe.As<T, TTo>(ref value);
}
