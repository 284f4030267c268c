using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elements;

/// <summary>float32 within bounds.</summary>
public readonly unsafe struct FloatTarget(float min, float max) : ILaneTarget
{
    /// <inheritdoc/>
    public static int Size => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<S, V>(V value, byte* address, nint channel) where S : ISimd<V> where V : struct =>
        S.Store(S.Min(S.Broadcast(max), S.Max(S.Broadcast(min), value)), ref *(float*)address, 0);
}
