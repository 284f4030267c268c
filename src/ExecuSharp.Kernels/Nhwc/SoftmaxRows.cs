using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Nhwc;

/// <summary>Softmax of rows.</summary>
public static unsafe class SoftmaxRows
{
    /// <summary>y = exp(x - max x) / sum, for one row. The target may be the source.</summary>
    public static void Run(SimdWidth width, float* x, float* y, int count)
    {
        switch (width)
        {
            case SimdWidth.Bits512: Run<Simd512, Vector512<float>>(x, y, count); break;
            case SimdWidth.Bits256: Run<Simd256, Vector256<float>>(x, y, count); break;
            case SimdWidth.Bits128: Run<Simd128, Vector128<float>>(x, y, count); break;
            default: Run<SimdScalar, float>(x, y, count); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<S, V>(float* x, float* y, int count) where S : ISimd<V> where V : struct
    {
        if (count == 0)
            return;
        V most = S.Broadcast(float.NegativeInfinity);
        int i = 0;
        for (; i + S.Count <= count; i += S.Count)
            most = S.Max(S.Load(ref x[i], 0), most);
        float max = S.MaxLane(most);
        for (; i < count; i++)
            max = x[i] > max ? x[i] : max;
        V shift = S.Broadcast(max), total = S.Broadcast(0);
        for (i = 0; i + S.Count <= count; i += S.Count)
        {
            V e = ExpNotPositive<S, V>(S.Sub(S.Load(ref x[i], 0), shift));
            S.Store(e, ref y[i], 0);
            total = S.Add(total, e);
        }
        float sum = S.Sum(total);
        for (; i < count; i++)
            sum += y[i] = ExpNotPositive<SimdScalar, float>(x[i] - max);
        float factor = 1f / sum;
        V scale = S.Broadcast(factor);
        for (i = 0; i + S.Count <= count; i += S.Count)
            S.Store(S.Mul(S.Load(ref y[i], 0), scale), ref y[i], 0);
        for (; i < count; i++)
            y[i] *= factor;
    }

    // e^x for x <= 0; 0 where the result would be denormal; NaN stays. One power of two is enough there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpNotPositive<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V lowest = S.Broadcast(-87.33654f);
        V y = S.Max(lowest, x);
        V n = S.Round(S.Mul(y, S.Broadcast(1.44269504f)));
        V r = S.Fma(n, S.Broadcast(-0.693359375f), y);
        r = S.Fma(n, S.Broadcast(2.12194440e-4f), r);
        V q = S.Broadcast(0.000199089089f);
        q = S.Fma(q, r, S.Broadcast(0.00139345438f));
        q = S.Fma(q, r, S.Broadcast(0.00833328441f));
        q = S.Fma(q, r, S.Broadcast(0.0416664556f));
        q = S.Fma(q, r, S.Broadcast(0.166666672f));
        q = S.Fma(q, r, S.Broadcast(0.5f));
        V e = S.Mul(S.Add(S.Fma(S.Mul(r, r), q, r), S.Broadcast(1f)), S.PowerOfTwo(n));
        return S.Select(S.Less(x, lowest), S.Broadcast(0f), e);
    }
}
