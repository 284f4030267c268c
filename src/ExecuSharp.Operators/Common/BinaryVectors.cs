using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>Runs an element function over spans: float32 with vectors, other types one element at a time.</summary>
internal readonly struct BinaryVectors<E>(E element) : IBinaryKernel where E : struct, IBinaryElement, IBinaryFunction
{
    public void Apply<T>(SimdWidth width, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> target) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
        {
            ElementwiseLoops.Binary(width, element, MemoryMarshal.Cast<T, float>(a), MemoryMarshal.Cast<T, float>(b), MemoryMarshal.Cast<T, float>(target));
            return;
        }
        for (int i = 0; i < target.Length; i++)
            target[i] = element.Invoke(a[i], b[i]);
    }
}
