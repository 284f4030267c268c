using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Limits to [low, high], either of which may be missing. A NaN stays; a NaN limit wins.</summary>
internal readonly struct ClampElement(Scalar? low, Scalar? high) : IUnaryElement, IUnaryFunction
{
    private readonly bool hasLow = low is not null;
    private readonly bool hasHigh = high is not null;
    private readonly Scalar lowNumber = low ?? default;
    private readonly Scalar highNumber = high ?? default;
    private readonly float lowFloat = low?.ToFloat() ?? 0;
    private readonly float highFloat = high?.ToFloat() ?? 0;

    public T Invoke<T>(T x) where T : unmanaged, INumber<T>
    {
        if (hasLow)
            x = default(Maximum).Invoke(x, ElementCast.Cast<T>(lowNumber));
        return hasHigh ? default(Minimum).Invoke(x, ElementCast.Cast<T>(highNumber)) : x;
    }

    public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct
    {
        if (hasLow)
            x = default(Maximum).Invoke<S, V>(x, S.Broadcast(lowFloat));
        return hasHigh ? default(Minimum).Invoke<S, V>(x, S.Broadcast(highFloat)) : x;
    }
}
