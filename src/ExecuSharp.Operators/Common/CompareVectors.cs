using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>Runs a test over spans: float32 with vectors, other types one element at a time.</summary>
internal readonly struct CompareVectors<E>(E element) : ICompareKernel where E : struct, ICompareElement, IBinaryFunction
{
    public void Apply<T>(SimdWidth width, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<byte> target) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
        {
            ElementwiseLoops.Compare(width, element, MemoryMarshal.Cast<T, float>(a), MemoryMarshal.Cast<T, float>(b), target);
            return;
        }
        for (int i = 0; i < target.Length; i++)
            target[i] = element.Invoke(a[i], b[i]) ? (byte)1 : (byte)0;
    }
}
