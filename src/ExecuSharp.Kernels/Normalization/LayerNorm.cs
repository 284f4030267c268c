using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Kernels.Threading;

namespace ExecuSharp.Kernels.Normalization;

/// <summary>Normalisation of rows to mean 0 and variance 1, float32. The variance is the mean of squared distances from the mean.</summary>
public static unsafe class LayerNorm
{
    private const long ThreadingThreshold = 1 << 16;

    // The official kernel sums rows below 256 in order, with the variance as E[x^2] - mean^2: the same steps give the same bits, and int8 codes after it do not flip.
    // Where mean^2 exceeds the variance that difference loses digits; there, and in rows of one vector, the exact sum is taken.
    private const int OfficialFrom = 17, OfficialTo = 256;

    /// <summary>output = (input - mean) * rstd * weight + bias, row by row, with rstd = 1 / sqrt(variance + eps).</summary>
    /// <param name="context">Vector width and threads.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">Length of a row, at least 1.</param>
    /// <param name="input">[rows, size].</param>
    /// <param name="weight">[size], or empty for ones.</param>
    /// <param name="bias">[size], or empty for zeros.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="output">[rows, size]; may be the input.</param>
    /// <param name="mean">[rows], or empty if not wanted.</param>
    /// <param name="rstd">[rows], or empty if not wanted.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Run(KernelContext context, int rows, int size, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float eps, Span<float> output, Span<float> mean = default, Span<float> rstd = default)
    {
        long n = (long)rows * size;
        if (input.Length < n || output.Length < n || (!weight.IsEmpty && weight.Length < size) || (!bias.IsEmpty && bias.Length < size)
            || (!mean.IsEmpty && mean.Length < rows) || (!rstd.IsEmpty && rstd.Length < rows))
            throw new ArgumentException($"spans are too short for {rows} rows of {size}");
        fixed (float* x = &MemoryMarshal.GetReference(input), y = &MemoryMarshal.GetReference(output), w = weight, b = bias, m = mean, r = rstd)
        {
            var job = new Job(size, x, y, w, b, m, r, eps);
            if (context.Pool.Threads == 1 || n < ThreadingThreshold)
            {
                Rows(context.Width, job, 0, rows);
                return;
            }
            int parts = Math.Min(rows, context.Pool.Threads);
            context.Pool.Run(parts, new Parts(context.Width, job, rows, parts));
        }
    }

    private static void Rows(SimdWidth width, in Job job, int from, int to)
    {
        switch (width)
        {
            case SimdWidth.Bits512: Rows<Simd512, Vector512<float>>(job, from, to); break;
            case SimdWidth.Bits256: Rows<Simd256, Vector256<float>>(job, from, to); break;
            case SimdWidth.Bits128: Rows<Simd128, Vector128<float>>(job, from, to); break;
            default: Rows<SimdScalar, float>(job, from, to); break;
        }
    }

    private static void Rows<TSimd, V>(in Job job, int from, int to) where TSimd : struct, ISimd<V> where V : struct
    {
        for (int i = from; i < to; i++)
        {
            float* x = job.Input + ((nint)i * job.Size), y = job.Output + ((nint)i * job.Size);
            var (mean, variance) = job.Size is >= OfficialFrom and < OfficialTo ? Moments(x, job.Size) : (0, 0);
            bool official = variance > mean * mean;
            if (!official)
                (mean, variance) = Vectors<TSimd, V>(x, job.Size);
            float deviation = MathF.Sqrt(variance + job.Eps), rstd = 1 / deviation;
            if (official)
                Divide<TSimd, V>(job, x, y, mean, deviation);
            else
                Write<TSimd, V>(job, x, y, mean, rstd);
            if (job.Mean != null)
                job.Mean[i] = mean;
            if (job.Rstd != null)
                job.Rstd[i] = rstd;
        }
    }

    private static (float Mean, float Variance) Vectors<TSimd, V>(float* x, int size) where TSimd : struct, ISimd<V> where V : struct
    {
        float mean = Mean<TSimd, V>(x, size);
        return (mean, Variance<TSimd, V>(x, size, mean));
    }

    private static (float Mean, float Variance) Moments(float* x, int size)
    {
        float sum = 0, squares = 0;
        for (int i = 0; i < size; i++)
        {
            sum += x[i];
            squares += x[i] * x[i];
        }
        float mean = sum / size;
        return (mean, (squares / size) - (mean * mean));
    }

    private static float Mean<TSimd, V>(float* x, int size) where TSimd : struct, ISimd<V> where V : struct
    {
        V s0 = TSimd.Broadcast(0), s1 = s0;
        int i = 0;
        for (; i <= size - (2 * TSimd.Count); i += 2 * TSimd.Count)
        {
            s0 = TSimd.Add(s0, TSimd.Load(ref *x, (nuint)i));
            s1 = TSimd.Add(s1, TSimd.Load(ref *x, (nuint)(i + TSimd.Count)));
        }
        float sum = TSimd.Sum(TSimd.Add(s0, s1));
        for (; i < size; i++)
            sum += x[i];
        return sum / size;
    }

    private static float Variance<TSimd, V>(float* x, int size, float mean) where TSimd : struct, ISimd<V> where V : struct
    {
        V m = TSimd.Broadcast(mean), s0 = TSimd.Broadcast(0), s1 = s0;
        int i = 0;
        for (; i <= size - (2 * TSimd.Count); i += 2 * TSimd.Count)
        {
            V d0 = TSimd.Sub(TSimd.Load(ref *x, (nuint)i), m), d1 = TSimd.Sub(TSimd.Load(ref *x, (nuint)(i + TSimd.Count)), m);
            s0 = TSimd.Fma(d0, d0, s0);
            s1 = TSimd.Fma(d1, d1, s1);
        }
        float sum = TSimd.Sum(TSimd.Add(s0, s1));
        for (; i < size; i++)
            sum = MathF.FusedMultiplyAdd(x[i] - mean, x[i] - mean, sum);
        return sum / size;
    }

    private static void Write<TSimd, V>(in Job job, float* x, float* y, float mean, float rstd) where TSimd : struct, ISimd<V> where V : struct
    {
        V m = TSimd.Broadcast(mean), r = TSimd.Broadcast(rstd), one = TSimd.Broadcast(1), zero = TSimd.Broadcast(0);
        int i = 0;
        for (; i <= job.Size - TSimd.Count; i += TSimd.Count)
        {
            V w = job.Weight == null ? one : TSimd.Load(ref *job.Weight, (nuint)i);
            V b = job.Bias == null ? zero : TSimd.Load(ref *job.Bias, (nuint)i);
            TSimd.Store(TSimd.Fma(TSimd.Mul(TSimd.Sub(TSimd.Load(ref *x, (nuint)i), m), r), w, b), ref *y, (nuint)i);
        }
        for (; i < job.Size; i++)
            y[i] = MathF.FusedMultiplyAdd((x[i] - mean) * rstd, job.Weight == null ? 1 : job.Weight[i], job.Bias == null ? 0 : job.Bias[i]);
    }

    private static void Divide<TSimd, V>(in Job job, float* x, float* y, float mean, float deviation) where TSimd : struct, ISimd<V> where V : struct
    {
        V m = TSimd.Broadcast(mean), d = TSimd.Broadcast(deviation), one = TSimd.Broadcast(1), zero = TSimd.Broadcast(0);
        int i = 0;
        for (; i <= job.Size - TSimd.Count; i += TSimd.Count)
        {
            V w = job.Weight == null ? one : TSimd.Load(ref *job.Weight, (nuint)i);
            V b = job.Bias == null ? zero : TSimd.Load(ref *job.Bias, (nuint)i);
            TSimd.Store(TSimd.Add(TSimd.Mul(TSimd.Div(TSimd.Sub(TSimd.Load(ref *x, (nuint)i), m), d), w), b), ref *y, (nuint)i);
        }
        for (; i < job.Size; i++)
            y[i] = ((x[i] - mean) / deviation * (job.Weight == null ? 1 : job.Weight[i])) + (job.Bias == null ? 0 : job.Bias[i]);
    }

    private readonly struct Parts(SimdWidth width, Job job, int rows, int parts) : IParallelJob
    {
        public void Run(int part) => Rows(width, job, (int)((long)rows * part / parts), (int)((long)rows * (part + 1) / parts));
    }

    private readonly struct Job(int size, float* input, float* output, float* weight, float* bias, float* mean, float* rstd, float eps)
    {
        public readonly int Size = size;
        public readonly float* Input = input;
        public readonly float* Output = output;
        public readonly float* Weight = weight;
        public readonly float* Bias = bias;
        public readonly float* Mean = mean;
        public readonly float* Rstd = rstd;
        public readonly float Eps = eps;
    }
}
