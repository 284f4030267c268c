using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExecuSharp.Kernels.Quantized;

/// <summary>4 columns by products of 16-bit pairs, which cannot overflow.</summary>
internal readonly unsafe struct Int8Dot128 : IInt8Dot<Vector128<int>>
{
    public static int Count => 4;

    public static bool Bytes => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(void* source) => Vector128.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> value, int* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Start(int* start, int* sums, int offset) => Vector128.Load(start);

    // Each 32-bit lane holds the bytes 0, 2, 1, 3 of a block: the low bytes of its halves are 0 and 1, the high ones 2 and 3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> First(Vector128<int> weights) => ((weights.AsInt16() << 8) >> 8).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Second(Vector128<int> weights) => (weights.AsInt16() >> 8).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Dot(Vector128<int> sums, byte* activations, Vector128<int> first, Vector128<int> second) =>
        Sse2.IsSupported
            ? sums + Sse2.MultiplyAddAdjacent(Vector128.Create(*(int*)activations).AsInt16(), first.AsInt16()) + Sse2.MultiplyAddAdjacent(Vector128.Create(((int*)activations)[1]).AsInt16(), second.AsInt16())
            : sums + Pairs(Vector128.Create(*(int*)activations).AsInt16(), first.AsInt16()) + Pairs(Vector128.Create(((int*)activations)[1]).AsInt16(), second.AsInt16());

    private static Vector128<int> Pairs(Vector128<short> a, Vector128<short> b)
    {
        var low = Vector128.WidenLower(a) * Vector128.WidenLower(b);
        var high = Vector128.WidenUpper(a) * Vector128.WidenUpper(b);
        return Vector128.Create(low[0] + low[1], low[2] + low[3], high[0] + high[1], high[2] + high[3]);
    }
}
