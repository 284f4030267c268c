using System.Numerics;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>One-operand element-wise work on spans of the compute type.</summary>
internal interface IUnaryKernel
{
    void Apply<T>(SimdWidth width, ReadOnlySpan<T> x, Span<T> target) where T : unmanaged, INumber<T>;
}
