using System.Numerics;
using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>A two-operand kernel with its operands exchanged.</summary>
internal readonly struct Swapped<K>(K kernel) : IBinaryKernel where K : struct, IBinaryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<T>(SimdWidth width, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> target) where T : unmanaged, INumber<T> => kernel.Apply(width, b, a, target);
}
