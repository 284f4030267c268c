using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Reduction;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Reduction;

/// <summary>
/// Softmax or its logarithm along groups of <c>count</c> elements that lie <c>stride</c> elements apart, in memory order. 16-bit types compute in float32.
/// </summary>
internal static class SoftmaxKernel
{
    private const int StackRow = 1024;

    public static void Run(KernelContext context, Tensor x, int count, int stride, long groups, Tensor output, bool log) =>
        ParallelRanges.Run(context, x.Numel, groups, new Job(context.Width, x, count, stride, output, log));

    private static void Range(SimdWidth width, Tensor x, int count, int stride, Tensor output, bool log, long start, long end)
    {
        if (x.Type == ScalarType.Double)
            Doubles(x, count, stride, output, start, end);
        else
            Floats(width, x, count, stride, output, log, start, end);
    }

    [SkipLocalsInit]
    private static void Floats(SimdWidth width, Tensor x, int count, int stride, Tensor output, bool log, long start, long end)
    {
        bool direct = x.Type == ScalarType.Float && stride == 1;
        Span<float> row = direct ? default : count <= StackRow ? stackalloc float[count] : new float[count];
        for (long g = start; g < end; g++)
        {
            long first = (g / stride * stride * count) + (g % stride);
            if (direct)
            {
                var target = output.Span<float>().Slice((int)first, count);
                x.Span<float>().Slice((int)first, count).CopyTo(target);
                Row(width, target, log, ScalarType.Float);
                continue;
            }
            ElementBlocks.Load(x, first, stride, row);
            Row(width, row, log, stride == 1 ? x.Type : ScalarType.Float);
            StoreStrided(row, output, first, stride);
        }
    }

    private static void StoreStrided(Span<float> row, Tensor output, long first, int stride)
    {
        if (stride == 1)
        {
            ElementBlocks.Store<float>(row, output, first);
            return;
        }
        for (int i = 0; i < row.Length; i++)
            ElementBlocks.Store<float>(row.Slice(i, 1), output, first + ((long)i * stride));
    }

    /// <param name="width">Vector width.</param>
    /// <param name="row">The elements.</param>
    /// <param name="log">The logarithm.</param>
    /// <param name="type">The type to which the sum and its logarithm are rounded: the official kernel keeps them in 16 bits for the last dim.</param>
    private static void Row(SimdWidth width, Span<float> row, bool log, ScalarType type)
    {
        float max = ReductionLoops.Max(width, row);
        if (log)
        {
            float logSum = Rounding.To(type, MathF.Log(Rounding.To(type, SumOfExp(width, row, max))));
            ElementwiseLoops.Unary(width, new Shift(max, logSum), row, row);
            return;
        }
        ElementwiseLoops.Unary(width, new ExpBelow(max), row, row);
        ElementwiseLoops.Unary(width, new DivideBy(ReductionLoops.Sum(width, row)), row, row);
    }

    [SkipLocalsInit]
    private static float SumOfExp(SimdWidth width, ReadOnlySpan<float> row, float max)
    {
        Span<float> buffer = stackalloc float[StackRow];
        float sum = 0;
        for (int at = 0; at < row.Length; at += StackRow)
        {
            var part = row.Slice(at, Math.Min(StackRow, row.Length - at));
            ElementwiseLoops.Unary(width, new ExpBelow(max), part, buffer[..part.Length]);
            sum += ReductionLoops.Sum(width, buffer[..part.Length]);
        }
        return sum;
    }

    private static void Doubles(Tensor x, int count, int stride, Tensor output, long start, long end)
    {
        var source = x.Span<double>();
        var target = output.Span<double>();
        for (long g = start; g < end; g++)
        {
            int first = (int)((g / stride * stride * count) + (g % stride));
            double max = double.NegativeInfinity, sum = 0;
            for (int i = 0; i < count; i++)
                max = Math.Max(max, source[first + (i * stride)]);
            for (int i = 0; i < count; i++)
                sum += Math.Exp(source[first + (i * stride)] - max);
            for (int i = 0; i < count; i++)
                target[first + (i * stride)] = Math.Exp(source[first + (i * stride)] - max) / sum;
        }
    }

    private readonly struct ExpBelow(float max) : IUnaryFunction
    {
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Exp<S, V>(S.Sub(x, S.Broadcast(max)));
    }

    private readonly struct Shift(float max, float logSum) : IUnaryFunction
    {
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Sub(S.Sub(x, S.Broadcast(max)), S.Broadcast(logSum));
    }

    private readonly struct DivideBy(float sum) : IUnaryFunction
    {
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Div(x, S.Broadcast(sum));
    }

    private readonly struct Job(SimdWidth width, Tensor x, int count, int stride, Tensor output, bool log) : IRangeJob
    {
        public void Run(long start, long end) => Range(width, x, count, stride, output, log, start, end);
    }
}
