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
        Span<T> same = stackalloc T[a.Length];
        same.Fill(NumberOnRight.Convert<T>(number, compute));
        kernel.Apply(width, a, same, target);
    }
}
