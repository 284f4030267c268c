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
            V e = VectorMath.Exp<S, V>(S.Sub(S.Load(ref x[i], 0), shift));
            S.Store(e, ref y[i], 0);
            total = S.Add(total, e);
        }
        float sum = S.Sum(total);
        for (; i < count; i++)
            sum += y[i] = VectorMath.Exp<SimdScalar, float>(x[i] - max);
        float factor = 1f / sum;
        V scale = S.Broadcast(factor);
        for (i = 0; i + S.Count <= count; i += S.Count)
            S.Store(S.Mul(S.Load(ref y[i], 0), scale), ref y[i], 0);
        for (; i < count; i++)
            y[i] *= factor;
    }
}
