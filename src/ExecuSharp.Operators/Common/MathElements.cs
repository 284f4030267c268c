using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>Runs a function over floats in double precision: the float32 result is rounded once.</summary>
internal readonly struct MathElements<E>(E element) : IUnaryKernel where E : struct, IMathElement
{
    public void Apply<T>(SimdWidth width, ReadOnlySpan<T> x, Span<T> target) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
        {
            var from = MemoryMarshal.Cast<T, float>(x);
            var to = MemoryMarshal.Cast<T, float>(target);
            for (int i = 0; i < to.Length; i++)
                to[i] = (float)element.Invoke(from[i]);
        }
        else
        {
            var from = MemoryMarshal.Cast<T, double>(x);
            var to = MemoryMarshal.Cast<T, double>(target);
            for (int i = 0; i < to.Length; i++)
                to[i] = element.Invoke(from[i]);
        }
    }
}
