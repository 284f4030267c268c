using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Reduction;

/// <summary>Reductions of float32 spans. The order of additions depends on the width; largest and smallest do not.</summary>
public static class ReductionLoops
{
    /// <summary>The sum; 0 for an empty span.</summary>
    public static float Sum(SimdWidth width, ReadOnlySpan<float> x) => width switch
    {
        SimdWidth.Bits512 => Sum<Simd512, Vector512<float>>(x),
        SimdWidth.Bits256 => Sum<Simd256, Vector256<float>>(x),
        SimdWidth.Bits128 => Sum<Simd128, Vector128<float>>(x),
        _ => Sum<SimdScalar, float>(x),
    };

    /// <summary>The largest number, or NaN if there is one; minus infinity for an empty span. Which of two zeros is open.</summary>
    public static float Max(SimdWidth width, ReadOnlySpan<float> x) => width switch
    {
        SimdWidth.Bits512 => Max<Simd512, Vector512<float>>(x),
        SimdWidth.Bits256 => Max<Simd256, Vector256<float>>(x),
        SimdWidth.Bits128 => Max<Simd128, Vector128<float>>(x),
        _ => Max<SimdScalar, float>(x),
    };

    private static float Sum<S, V>(ReadOnlySpan<float> x) where S : ISimd<V> where V : struct
    {
        ref float source = ref MemoryMarshal.GetReference(x);
        nuint n = (nuint)x.Length, step = (nuint)S.Count, i = 0;
        V a = S.Broadcast(0f), b = a, c = a, d = a;
        for (; i + (4 * step) <= n; i += 4 * step)
        {
            a = S.Add(a, S.Load(ref source, i));
            b = S.Add(b, S.Load(ref source, i + step));
            c = S.Add(c, S.Load(ref source, i + (2 * step)));
            d = S.Add(d, S.Load(ref source, i + (3 * step)));
        }
        for (; i + step <= n; i += step)
            a = S.Add(a, S.Load(ref source, i));
        float sum = S.Sum(S.Add(S.Add(a, b), S.Add(c, d)));
        for (; i < n; i++)
            sum += x[(int)i];
        return sum;
    }

    private static float Max<S, V>(ReadOnlySpan<float> x) where S : ISimd<V> where V : struct
    {
        ref float source = ref MemoryMarshal.GetReference(x);
        nuint n = (nuint)x.Length, step = (nuint)S.Count, i = 0;
        V largest = S.Broadcast(float.NegativeInfinity), nan = S.Broadcast(0f);
        for (; i + step <= n; i += step)
        {
            V v = S.Load(ref source, i);
            largest = S.Max(v, largest);
            nan = S.Or(nan, S.Xor(S.Equal(v, v), S.Equal(S.Broadcast(0f), S.Broadcast(0f))));
        }
        float result = S.MaxLane(S.And(nan, S.Broadcast(1f))) != 0 ? float.NaN : S.MaxLane(largest);
        for (; i < n && !float.IsNaN(result); i++)
            result = float.IsNaN(x[(int)i]) ? float.NaN : MathF.Max(result, x[(int)i]);
        return result;
    }
}
