using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>A float function of one argument on spans.</summary>
internal abstract class UnaryKernel
{
    public abstract void Run(SimdWidth width, ReadOnlySpan<float> x, Span<float> y);

    public static UnaryKernel Of<F>(F function) where F : struct, IUnaryFunction => new Kernel<F>(function);

    private sealed class Kernel<F>(F function) : UnaryKernel where F : struct, IUnaryFunction
    {
        public override void Run(SimdWidth width, ReadOnlySpan<float> x, Span<float> y) => ElementwiseLoops.Unary(width, function, x, y);
    }
}
