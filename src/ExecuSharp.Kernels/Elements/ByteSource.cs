using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elements;

/// <summary>Codes of type byte as differences to a zero point.</summary>
public readonly unsafe struct ByteSource(int zeroPoint) : ILaneSource
{
    /// <inheritdoc/>
    public static int Size => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Load<S, V>(byte* address) where S : ISimd<V> where V : struct => S.Sub(Lanes.Load<V>((byte*)address), S.Broadcast(zeroPoint));
}
