using System.Numerics;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>Two-operand element-wise work on spans of the compute type.</summary>
internal interface IBinaryKernel
{
    void Apply<T>(SimdWidth width, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> target) where T : unmanaged, INumber<T>;
}
