using System.Numerics;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>Runs an element function over spans one element at a time.</summary>
internal readonly struct UnaryElements<E>(E element) : IUnaryKernel where E : struct, IUnaryElement
{
    public void Apply<T>(SimdWidth width, ReadOnlySpan<T> x, Span<T> target) where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = element.Invoke(x[i]);
    }
}
