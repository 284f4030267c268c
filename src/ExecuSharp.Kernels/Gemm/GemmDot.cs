using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels;

/// <summary>The product of a few rows with a matrix stored as [n, k]: dot products, four columns at a time, without packing.</summary>
internal static unsafe class GemmDot<TSimd, V>
    where TSimd : struct, ISimd<V>
    where V : struct
{
    public static void Run(in GemmJob job, int row, int rowEnd, int column, int columnEnd)
    {
        for (int j = column; j < columnEnd; j += 4)
        {
            int columns = Math.Min(4, columnEnd - j);
            float* b0 = job.B + ((nint)j * job.Ldb);
            float* b1 = columns > 1 ? b0 + job.Ldb : b0;
            float* b2 = columns > 2 ? b1 + job.Ldb : b1;
            float* b3 = columns > 3 ? b2 + job.Ldb : b2;
            for (int i = row; i < rowEnd; i++)
            {
                float* c = job.C + ((nint)i * job.Ldc) + j;
                var sums = Four(job.K, job.A + ((nint)i * job.Lda), b0, b1, b2, b3);
                for (int q = 0; q < columns; q++)
                    c[q] = Finish(job, sums[q], job.Accumulate ? c[q] : job.Bias != null ? job.Bias[j + q] : 0);
            }
        }
    }

    private static float Finish(in GemmJob job, float sum, float start)
    {
        sum += start;
        if (!job.Clamp)
            return sum;
        sum = job.Min > sum ? job.Min : sum;
        return job.Max < sum ? job.Max : sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static System.Runtime.Intrinsics.Vector128<float> Four(int k, float* a, float* b0, float* b1, float* b2, float* b3)
    {
        V s0 = TSimd.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
        int i = 0;
        for (; i <= k - TSimd.Count; i += TSimd.Count)
        {
            V x = TSimd.Load(ref *a, (nuint)i);
            s0 = TSimd.Fma(x, TSimd.Load(ref *b0, (nuint)i), s0);
            s1 = TSimd.Fma(x, TSimd.Load(ref *b1, (nuint)i), s1);
            s2 = TSimd.Fma(x, TSimd.Load(ref *b2, (nuint)i), s2);
            s3 = TSimd.Fma(x, TSimd.Load(ref *b3, (nuint)i), s3);
        }
        float t0 = TSimd.Sum(s0), t1 = TSimd.Sum(s1), t2 = TSimd.Sum(s2), t3 = TSimd.Sum(s3);
        for (; i < k; i++)
        {
            t0 = MathF.FusedMultiplyAdd(a[i], b0[i], t0);
            t1 = MathF.FusedMultiplyAdd(a[i], b1[i], t1);
            t2 = MathF.FusedMultiplyAdd(a[i], b2[i], t2);
            t3 = MathF.FusedMultiplyAdd(a[i], b3[i], t3);
        }
        return System.Runtime.Intrinsics.Vector128.Create(t0, t1, t2, t3);
    }
}
