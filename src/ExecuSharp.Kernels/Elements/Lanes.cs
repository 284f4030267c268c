using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExecuSharp.Kernels.Elements;

/// <summary>
/// Vectors of floats from and to narrow elements in memory. The vector type decides the number of elements; the choice is made by the JIT.
/// </summary>
public static unsafe class Lanes
{
    /// <summary>Signed bytes as floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(sbyte* source) where V : struct
    {
        if (typeof(V) == typeof(Vector512<float>))
            return Unsafe.BitCast<Vector512<float>, V>(Vector512.ConvertToSingle(Widen512(Vector128.Load(source))));
        if (typeof(V) == typeof(Vector256<float>))
            return Unsafe.BitCast<Vector256<float>, V>(Vector256.ConvertToSingle(Widen256(Vector64.Load(source).ToVector128())));
        if (typeof(V) == typeof(Vector128<float>))
            return Unsafe.BitCast<Vector128<float>, V>(Vector128.ConvertToSingle(Widen128(Vector128.CreateScalarUnsafe(*(int*)source).AsSByte())));
        return Unsafe.BitCast<float, V>(*source);
    }

    /// <summary>Unsigned bytes as floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(byte* source) where V : struct
    {
        if (typeof(V) == typeof(Vector512<float>))
            return Unsafe.BitCast<Vector512<float>, V>(Vector512.ConvertToSingle(Widen512(Vector128.Load(source))));
        if (typeof(V) == typeof(Vector256<float>))
            return Unsafe.BitCast<Vector256<float>, V>(Vector256.ConvertToSingle(Widen256(Vector64.Load(source).ToVector128())));
        if (typeof(V) == typeof(Vector128<float>))
            return Unsafe.BitCast<Vector128<float>, V>(Vector128.ConvertToSingle(Widen128(Vector128.CreateScalarUnsafe(*(int*)source).AsByte())));
        return Unsafe.BitCast<float, V>(*source);
    }

    /// <summary>Integers as floats, rounded half to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(int* source) where V : struct
    {
        if (typeof(V) == typeof(Vector512<float>))
            return Unsafe.BitCast<Vector512<float>, V>(Vector512.ConvertToSingle(Vector512.Load(source)));
        if (typeof(V) == typeof(Vector256<float>))
            return Unsafe.BitCast<Vector256<float>, V>(Vector256.ConvertToSingle(Vector256.Load(source)));
        if (typeof(V) == typeof(Vector128<float>))
            return Unsafe.BitCast<Vector128<float>, V>(Vector128.ConvertToSingle(Vector128.Load(source)));
        return Unsafe.BitCast<float, V>(*source);
    }

    /// <summary>Stores the low bytes of integral floats in -128 … 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V>(V value, sbyte* target) where V : struct
    {
        if (typeof(V) == typeof(Vector512<float>))
            Narrow(Vector512.ConvertToInt32Native(Unsafe.BitCast<V, Vector512<float>>(value))).AsSByte().Store(target);
        else if (typeof(V) == typeof(Vector256<float>))
            *(long*)target = Narrow(Vector256.ConvertToInt32Native(Unsafe.BitCast<V, Vector256<float>>(value))).AsInt64()[0];
        else if (typeof(V) == typeof(Vector128<float>))
            *(int*)target = Narrow(Vector128.ConvertToInt32Native(Unsafe.BitCast<V, Vector128<float>>(value))).AsInt32()[0];
        else
            *target = (sbyte)(int)Unsafe.BitCast<V, float>(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen512(Vector128<sbyte> bytes) =>
        System.Runtime.Intrinsics.X86.Avx512F.IsSupported
            ? System.Runtime.Intrinsics.X86.Avx512F.ConvertToVector512Int32(bytes)
            : Vector512.Create(
                Vector256.Create(Vector128.WidenLower(Vector128.WidenLower(bytes)), Vector128.WidenUpper(Vector128.WidenLower(bytes))),
                Vector256.Create(Vector128.WidenLower(Vector128.WidenUpper(bytes)), Vector128.WidenUpper(Vector128.WidenUpper(bytes))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen512(Vector128<byte> bytes) =>
        System.Runtime.Intrinsics.X86.Avx512F.IsSupported
            ? System.Runtime.Intrinsics.X86.Avx512F.ConvertToVector512Int32(bytes)
            : Vector512.Create(
                Vector256.Create(Vector128.WidenLower(Vector128.WidenLower(bytes)), Vector128.WidenUpper(Vector128.WidenLower(bytes))),
                Vector256.Create(Vector128.WidenLower(Vector128.WidenUpper(bytes)), Vector128.WidenUpper(Vector128.WidenUpper(bytes)))).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen256(Vector128<sbyte> bytes) =>
        System.Runtime.Intrinsics.X86.Avx2.IsSupported
            ? System.Runtime.Intrinsics.X86.Avx2.ConvertToVector256Int32(bytes)
            : Vector256.Create(Vector128.WidenLower(Vector128.WidenLower(bytes)), Vector128.WidenUpper(Vector128.WidenLower(bytes)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen256(Vector128<byte> bytes) =>
        System.Runtime.Intrinsics.X86.Avx2.IsSupported
            ? System.Runtime.Intrinsics.X86.Avx2.ConvertToVector256Int32(bytes)
            : Vector256.Create(Vector128.WidenLower(Vector128.WidenLower(bytes)), Vector128.WidenUpper(Vector128.WidenLower(bytes))).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen128(Vector128<sbyte> bytes) =>
        System.Runtime.Intrinsics.X86.Sse41.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse41.ConvertToVector128Int32(bytes)
            : Vector128.WidenLower(Vector128.WidenLower(bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen128(Vector128<byte> bytes) =>
        System.Runtime.Intrinsics.X86.Sse41.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse41.ConvertToVector128Int32(bytes)
            : Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32();

    // The values are in range, so truncation keeps the low byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(Vector512<int> v) =>
        System.Runtime.Intrinsics.X86.Avx512F.IsSupported
            ? System.Runtime.Intrinsics.X86.Avx512F.ConvertToVector128Byte(v)
            : Vector128.Narrow(
                Vector128.Narrow(v.GetLower().GetLower().AsUInt32(), v.GetLower().GetUpper().AsUInt32()),
                Vector128.Narrow(v.GetUpper().GetLower().AsUInt32(), v.GetUpper().GetUpper().AsUInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(Vector256<int> v)
    {
        var halves = Vector128.Narrow(v.GetLower().AsUInt32(), v.GetUpper().AsUInt32());
        return Vector128.Narrow(halves, halves);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(Vector128<int> v)
    {
        var halves = Vector128.Narrow(v.AsUInt32(), v.AsUInt32());
        return Vector128.Narrow(halves, halves);
    }
}
