using System.Numerics;
using System.Runtime.CompilerServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>A two-operand kernel whose first operand is a number.</summary>
internal readonly struct NumberOnLeft<K>(K kernel, Scalar number, ScalarType compute) : IUnaryKernel where K : struct, IBinaryKernel
{
    [SkipLocalsInit]
    public void Apply<T>(SimdWidth width, ReadOnlySpan<T> x, Span<T> target) where T : unmanaged, INumber<T>
    {
        Span<T> same = stackalloc T[Math.Min(x.Length, 512)];
        same.Fill(NumberOnRight.Convert<T>(number, compute));
        for (int at = 0; at < x.Length; at += same.Length)
        {
            int n = Math.Min(same.Length, x.Length - at);
            kernel.Apply(width, same[..n], x.Slice(at, n), target.Slice(at, n));
        }
    }
}
