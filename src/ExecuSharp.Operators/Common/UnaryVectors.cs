using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>Runs an element function over spans: float32 with vectors, other types one element at a time.</summary>
internal readonly struct UnaryVectors<E>(E element) : IUnaryKernel where E : struct, IUnaryElement, IUnaryFunction
{
    public void Apply<T>(SimdWidth width, ReadOnlySpan<T> x, Span<T> target) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
        {
            ElementwiseLoops.Unary(width, element, MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(target));
            return;
        }
        for (int i = 0; i < target.Length; i++)
            target[i] = element.Invoke(x[i]);
    }
}
