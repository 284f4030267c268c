using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExecuSharp.Kernels.Quantized;

/// <summary>16 columns by products of 16-bit pairs, which cannot overflow.</summary>
internal readonly unsafe struct Int8Dot512 : IInt8Dot<Vector512<int>>
{
    public static int Count => 16;

    public static bool Bytes => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(void* source) => Vector512.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> value, int* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Start(int* start, int* sums, int offset) => Vector512.Load(start);

    // Each 32-bit lane holds the bytes 0, 2, 1, 3 of a block: the low bytes of its halves are 0 and 1, the high ones 2 and 3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> First(Vector512<int> weights) => ((weights.AsInt16() << 8) >> 8).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Second(Vector512<int> weights) => (weights.AsInt16() >> 8).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Dot(Vector512<int> sums, byte* activations, Vector512<int> first, Vector512<int> second) =>
        Avx512BW.IsSupported
            ? sums + Avx512BW.MultiplyAddAdjacent(Vector512.Create(*(int*)activations).AsInt16(), first.AsInt16()) + Avx512BW.MultiplyAddAdjacent(Vector512.Create(((int*)activations)[1]).AsInt16(), second.AsInt16())
            : Vector512.Create(
                Int8Dot256.Dot(sums.GetLower(), activations, first.GetLower(), second.GetLower()),
                Int8Dot256.Dot(sums.GetUpper(), activations, first.GetUpper(), second.GetUpper()));
}
