using System.Numerics;
using System.Runtime.CompilerServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>A test whose second operand is a number instead of the tensor that it is given.</summary>
internal readonly struct NumberComparison<K>(K kernel, Scalar number, ScalarType compute) : ICompareKernel where K : struct, ICompareKernel
{
    [SkipLocalsInit]
    public void Apply<T>(SimdWidth width, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<byte> target) where T : unmanaged, INumber<T>
    {
        Span<T> same = stackalloc T[Math.Min(a.Length, 512)];
        same.Fill(NumberOnRight.Convert<T>(number, compute));
        for (int at = 0; at < a.Length; at += same.Length)
        {
            int n = Math.Min(same.Length, a.Length - at);
            kernel.Apply(width, a.Slice(at, n), same[..n], target.Slice(at, n));
        }
    }
}
