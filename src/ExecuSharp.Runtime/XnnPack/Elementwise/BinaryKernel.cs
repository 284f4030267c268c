using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>A float function of two arguments on spans, one of which may be a single number.</summary>
internal abstract class BinaryKernel
{
    /// <summary>A span of length 1 stands for the same number everywhere.</summary>
    public abstract void Run(SimdWidth width, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y);

    public static BinaryKernel Of<F>(F function) where F : struct, IBinaryFunction => new Kernel<F>(function);

    private sealed class Kernel<F>(F function) : BinaryKernel where F : struct, IBinaryFunction
    {
        public override void Run(SimdWidth width, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
        {
            if (a.Length == b.Length)
                ElementwiseLoops.Binary(width, function, a, b, y);
            else if (b.Length == 1)
                ElementwiseLoops.Unary(width, new RightFixed(function, b[0]), a, y);
            else
                ElementwiseLoops.Unary(width, new LeftFixed(function, a[0]), b, y);
        }

        private readonly struct RightFixed(F function, float b) : IUnaryFunction
        {
            public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => function.Invoke<S, V>(x, S.Broadcast(b));
        }

        private readonly struct LeftFixed(F function, float a) : IUnaryFunction
        {
            public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => function.Invoke<S, V>(S.Broadcast(a), x);
        }
    }
}
