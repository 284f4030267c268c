using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExecuSharp.Kernels.Quantized;

/// <summary>8 columns by products of 16-bit pairs, which cannot overflow.</summary>
internal readonly unsafe struct Int8Dot256 : IInt8Dot<Vector256<int>>
{
    public static int Count => 8;

    public static bool Bytes => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(void* source) => Vector256.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> value, int* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Start(int* start, int* sums, int offset) => Vector256.Load(start);

    // Each 32-bit lane holds the bytes 0, 2, 1, 3 of a block: the low bytes of its halves are 0 and 1, the high ones 2 and 3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> First(Vector256<int> weights) => ((weights.AsInt16() << 8) >> 8).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Second(Vector256<int> weights) => (weights.AsInt16() >> 8).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot(Vector256<int> sums, byte* activations, Vector256<int> first, Vector256<int> second) =>
        Avx2.IsSupported
            ? sums + Avx2.MultiplyAddAdjacent(Vector256.Create(*(int*)activations).AsInt16(), first.AsInt16()) + Avx2.MultiplyAddAdjacent(Vector256.Create(((int*)activations)[1]).AsInt16(), second.AsInt16())
            : Vector256.Create(
                Int8Dot128.Dot(sums.GetLower(), activations, first.GetLower(), second.GetLower()),
                Int8Dot128.Dot(sums.GetUpper(), activations, first.GetUpper(), second.GetUpper()));
}
