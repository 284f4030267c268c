using System.Numerics;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>Runs an element function over spans one element at a time.</summary>
internal readonly struct BinaryElements<E>(E element) : IBinaryKernel where E : struct, IBinaryElement
{
    public void Apply<T>(SimdWidth width, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> target) where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = element.Invoke(a[i], b[i]);
    }
}
