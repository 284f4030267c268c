using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elements;

/// <summary>Codes of type sbyte as differences to a zero point.</summary>
public readonly unsafe struct SByteSource(int zeroPoint) : ILaneSource
{
    /// <inheritdoc/>
    public static int Size => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Load<S, V>(byte* address) where S : ISimd<V> where V : struct => S.Sub(Lanes.Load<V>((sbyte*)address), S.Broadcast(zeroPoint));
}
