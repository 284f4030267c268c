using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>Runs a function over floats: float32 with vectors, float64 one element at a time.</summary>
internal readonly struct MathVectors<E>(E element) : IUnaryKernel where E : struct, IMathElement, IUnaryFunction
{
    public void Apply<T>(SimdWidth width, ReadOnlySpan<T> x, Span<T> target) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
        {
            ElementwiseLoops.Unary(width, element, MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(target));
            return;
        }
        var from = MemoryMarshal.Cast<T, double>(x);
        var to = MemoryMarshal.Cast<T, double>(target);
        for (int i = 0; i < to.Length; i++)
            to[i] = element.Invoke(from[i]);
    }
}
