using System.Numerics;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>Two-operand tests on spans of the compute type; the result is 0 or 1.</summary>
internal interface ICompareKernel
{
    void Apply<T>(SimdWidth width, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<byte> target) where T : unmanaged, INumber<T>;
}
