using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elements;

/// <summary>float32 as it is.</summary>
public readonly unsafe struct FloatSource : ILaneSource
{
    /// <inheritdoc/>
    public static int Size => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Load<S, V>(byte* address) where S : ISimd<V> where V : struct => S.Load(ref *(float*)address, 0);
}
