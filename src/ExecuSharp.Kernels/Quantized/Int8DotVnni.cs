using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExecuSharp.Kernels.Quantized;

/// <summary>Eight columns by AVX-VNNI: products of unsigned and signed bytes, summed in 32 bits.</summary>
internal readonly unsafe struct Int8DotVnni : IInt8Dot<Vector256<int>>
{
    public static int Count => 8;

    public static bool Bytes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(void* source) => Vector256.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> value, int* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Start(int* start, int* sums, int offset) => Vector256.Load(start) - (Vector256.Load(sums) * Vector256.Create(offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> First(Vector256<int> weights) => weights;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Second(Vector256<int> weights) => weights;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot(Vector256<int> sums, byte* activations, Vector256<int> first, Vector256<int> second) =>
        AvxVnni.IsSupported
            ? AvxVnni.MultiplyWideningAndAdd(sums, Vector256.Create(*(int*)activations).AsByte(), first.AsSByte())
            : Portable(sums, activations, first);

    private static Vector256<int> Portable(Vector256<int> sums, byte* activations, Vector256<int> weights)
    {
        var w = weights.AsSByte();
        for (int lane = 0; lane < 8; lane++)
        {
            int sum = sums[lane];
            for (int i = 0; i < 4; i++)
                sum += activations[i] * w[(lane * 4) + i];
            sums = sums.WithElement(lane, sum);
        }
        return sums;
    }
}
