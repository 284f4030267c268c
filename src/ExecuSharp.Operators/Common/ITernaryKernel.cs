using System.Numerics;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>Three-operand element-wise work on spans of the compute type.</summary>
internal interface ITernaryKernel
{
    void Apply<T>(SimdWidth width, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> c, Span<T> target) where T : unmanaged, INumber<T>;
}
