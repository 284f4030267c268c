using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Limits to [low, high], either of which may be missing. A NaN stays; a NaN limit wins.</summary>
/// <param name="low">Lower limit.</param>
/// <param name="high">Upper limit.</param>
/// <param name="equalGivesLimit">An element equal to a limit becomes the limit, which tells only for zeros.</param>
internal readonly struct ClampElement(Scalar? low, Scalar? high, bool equalGivesLimit) : IUnaryElement, IUnaryFunction
{
    private readonly bool hasLow = low is not null;
    private readonly bool hasHigh = high is not null;
    private readonly Scalar lowNumber = low ?? default;
    private readonly Scalar highNumber = high ?? default;
    private readonly float lowFloat = low?.ToFloat() ?? 0;
    private readonly float highFloat = high?.ToFloat() ?? 0;

    public T Invoke<T>(T x) where T : unmanaged, INumber<T>
    {
        if (hasLow && ElementCast.Cast<T>(lowNumber) is var l)
            x = equalGivesLimit ? default(Maximum).Invoke(l, x) : default(Maximum).Invoke(x, l);
        if (hasHigh && ElementCast.Cast<T>(highNumber) is var h)
            x = equalGivesLimit ? default(Minimum).Invoke(h, x) : default(Minimum).Invoke(x, h);
        return x;
    }

    public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V l = S.Broadcast(lowFloat), h = S.Broadcast(highFloat);
        if (hasLow)
            x = equalGivesLimit ? default(Maximum).Invoke<S, V>(l, x) : default(Maximum).Invoke<S, V>(x, l);
        if (hasHigh)
            x = equalGivesLimit ? default(Minimum).Invoke<S, V>(h, x) : default(Minimum).Invoke<S, V>(x, h);
        return x;
    }
}
