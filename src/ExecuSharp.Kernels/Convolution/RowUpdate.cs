using System.Runtime.Intrinsics;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Convolution;

/// <summary>target[i] += factor * source[i * stride].</summary>
internal static unsafe class RowUpdate
{
    public static void Run(SimdWidth width, float factor, float* source, int stride, float* target, int count)
    {
        if (stride != 1)
        {
            for (int i = 0; i < count; i++)
                target[i] = MathF.FusedMultiplyAdd(factor, source[(nint)i * stride], target[i]);
            return;
        }
        switch (width)
        {
            case SimdWidth.Bits512: Run<Simd512, Vector512<float>>(factor, source, target, count); break;
            case SimdWidth.Bits256: Run<Simd256, Vector256<float>>(factor, source, target, count); break;
            case SimdWidth.Bits128: Run<Simd128, Vector128<float>>(factor, source, target, count); break;
            default: Run<SimdScalar, float>(factor, source, target, count); break;
        }
    }

    private static void Run<TSimd, V>(float factor, float* source, float* target, int count) where TSimd : struct, ISimd<V> where V : struct
    {
        V f = TSimd.Broadcast(factor);
        int i = 0;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
            TSimd.Store(TSimd.Fma(f, TSimd.Load(ref *source, (nuint)i), TSimd.Load(ref *target, (nuint)i)), ref *target, (nuint)i);
        for (; i < count; i++)
            target[i] = MathF.FusedMultiplyAdd(factor, source[i], target[i]);
    }
}
