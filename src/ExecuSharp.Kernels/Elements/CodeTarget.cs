using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elements;

/// <summary>8-bit codes: clamp(round(value * scale) + zero point), ties to even.</summary>
/// <param name="scales">A scale for each channel, or null.</param>
/// <param name="scale">The scale where there is one for all.</param>
/// <param name="zeroPoint">Zero point.</param>
/// <param name="min">Lowest code.</param>
/// <param name="max">Highest code.</param>
public readonly unsafe struct CodeTarget(float* scales, float scale, int zeroPoint, int min, int max) : ILaneTarget
{
    /// <inheritdoc/>
    public static int Size => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<S, V>(V value, byte* address, nint channel) where S : ISimd<V> where V : struct
    {
        value = S.Mul(value, scales == null ? S.Broadcast(scale) : S.Load(ref scales[channel], 0));
        value = S.Min(S.Broadcast(max - zeroPoint), S.Max(S.Broadcast(min - zeroPoint), value));
        Lanes.Store(S.Add(S.Round(value), S.Broadcast(zeroPoint)), (sbyte*)address);
    }
}
