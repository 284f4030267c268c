using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels;

/// <summary>
/// Elementary functions of float32, with the same bits at every vector width. Errors are stated in units in the last place (ulp), measured
/// against exact mathematics over the whole range. Polynomials are minimax fits (Remez exchange) on the stated intervals.
/// </summary>
public static class VectorMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: the first has few bits, so that n * Ln2High is exact for |n| <= 2^9.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e^x; 1 ulp, gradual underflow, infinity above 88.72.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<S, V>(V x) where S : ISimd<V> where V : struct
    {
        x = Clamp<S, V>(x, -104.5f, 89f);
        V n = S.Round(S.Mul(x, S.Broadcast(Log2E)));
        V p = S.Add(Expm1Reduced<S, V>(x, n), S.Broadcast(1f));
        // two factors, because 2^n itself may be out of range
        V half = S.Floor(S.Mul(n, S.Broadcast(0.5f)));
        return S.Mul(S.Mul(p, S.PowerOfTwo(half)), S.PowerOfTwo(S.Sub(n, half)));
    }

    /// <summary>e^x - 1; 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V y = Clamp<S, V>(x, -20f, 89f);
        V n = S.Round(S.Mul(y, S.Broadcast(Log2E)));
        V p = Expm1Reduced<S, V>(y, n);
        // (p + 1) 2^n - 1, with half of 2^n so that n = 128 stays in range
        V scale = S.PowerOfTwo(S.Sub(n, S.Broadcast(1f)));
        V r = S.Fma(p, scale, S.Sub(scale, S.Broadcast(0.5f)));
        r = S.Add(r, r);
        return S.Select(S.Less(S.Abs(x), S.Broadcast(1e-7f)), x, r);
    }

    /// <summary>Natural logarithm; 1 ulp; -infinity at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V tiny = S.Less(x, S.Broadcast(1.17549435e-38f));
        V y = S.Select(tiny, S.Mul(x, S.Broadcast(16777216f)), x);
        V e = S.Sub(S.Exponent(y), S.And(tiny, S.Broadcast(24f)));
        V m = S.Significand(y);
        V high = S.Less(S.Broadcast(1.41421354f), m);
        m = S.Select(high, S.Mul(m, S.Broadcast(0.5f)), m);
        e = S.Add(e, S.And(high, S.Broadcast(1f)));
        V r = LogReduced<S, V>(S.Sub(m, S.Broadcast(1f)), e);
        r = S.Select(S.Less(x, S.Broadcast(float.PositiveInfinity)), r, x);
        r = S.Select(S.Less(x, S.Broadcast(0f)), S.Broadcast(float.NaN), r);
        return S.Select(S.Equal(x, S.Broadcast(0f)), S.Broadcast(float.NegativeInfinity), r);
    }

    /// <summary>log(1 + x); 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V one = S.Broadcast(1f);
        V u = S.Add(x, one);
        // what the rounding of 1 + x lost, as a first-order correction
        V lost = S.Select(S.Less(S.Abs(x), one), S.Sub(x, S.Sub(u, one)), S.Sub(one, S.Sub(u, x)));
        V log = Log<S, V>(u);
        V r = S.Add(log, S.Div(lost, u));
        V special = S.Or(S.Equal(u, S.Broadcast(0f)), S.Equal(u, S.Broadcast(float.PositiveInfinity)));
        r = S.Select(special, log, r);
        return S.Select(S.Less(S.Abs(x), S.Broadcast(1e-7f)), x, r);
    }

    /// <summary>Hyperbolic tangent; 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V a = S.Abs(x);
        V z = S.Mul(a, a);
        V p = S.Broadcast(0.00213716598f);
        p = S.Fma(p, z, S.Broadcast(-0.00817170925f));
        p = S.Fma(p, z, S.Broadcast(0.0216986928f));
        p = S.Fma(p, z, S.Broadcast(-0.0539464578f));
        p = S.Fma(p, z, S.Broadcast(0.133332044f));
        p = S.Fma(p, z, S.Broadcast(-0.333333313f));
        V small = S.Fma(S.Mul(a, z), p, a);
        V e = Exp<S, V>(S.Add(a, a));
        V large = S.Sub(S.Broadcast(1f), S.Div(S.Broadcast(2f), S.Add(e, S.Broadcast(1f))));
        V r = S.Select(S.Less(a, S.Broadcast(0.625f)), small, large);
        return CopySign<S, V>(r, x);
    }

    /// <summary>1 / (1 + e^-x); 2 ulp, 0 below -88.72.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V one = S.Broadcast(1f);
        return S.Div(one, S.Add(one, Exp<S, V>(S.Negate(x))));
    }

    /// <summary>Error function; 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V a = S.Abs(x);
        V z = S.Mul(a, a);
        V p = S.Broadcast(-9.64151877e-06f);
        p = S.Fma(p, z, S.Broadcast(0.000112569491f));
        p = S.Fma(p, z, S.Broadcast(-0.000848282885f));
        p = S.Fma(p, z, S.Broadcast(0.00522094546f));
        p = S.Fma(p, z, S.Broadcast(-0.0268654004f));
        p = S.Fma(p, z, S.Broadcast(0.112837821f));
        p = S.Fma(p, z, S.Broadcast(-0.376126379f));
        // erf(x) = x + x (P - 1): the leading coefficient 1.128 is split so that the sum rounds once
        p = S.Fma(p, z, S.Broadcast(0.128379167f));
        V small = S.Fma(p, a, a);
        // 1 - e^-q with q = -log erfc on [1, 4.1]
        V t = S.Select(S.Less(S.Broadcast(4.1f), a), S.Broadcast(4.1f), a);
        V q = S.Broadcast(-1.55722194e-06f);
        q = S.Fma(q, t, S.Broadcast(4.44645812e-05f));
        q = S.Fma(q, t, S.Broadcast(-0.000583250716f));
        q = S.Fma(q, t, S.Broadcast(0.00469546067f));
        q = S.Fma(q, t, S.Broadcast(-0.0262368936f));
        q = S.Fma(q, t, S.Broadcast(0.109751679f));
        q = S.Fma(q, t, S.Broadcast(0.632180095f));
        q = S.Fma(q, t, S.Broadcast(1.13002264f));
        q = S.Fma(q, t, S.Broadcast(-0.000267150172f));
        V large = S.Sub(S.Broadcast(1f), Exp<S, V>(S.Negate(q)));
        V r = S.Select(S.Less(a, S.Broadcast(1f)), small, large);
        return CopySign<S, V>(r, x);
    }

    /// <summary>x/2 (1 + erf(x / sqrt 2)); 4e-7 absolute. Minus infinity gives NaN, plus infinity itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gelu<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V half = S.Mul(x, S.Broadcast(0.5f));
        return S.Mul(half, S.Add(S.Broadcast(1f), Erf<S, V>(S.Mul(x, S.Broadcast(0.707106769f)))));
    }

    /// <summary>x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))); 4e-7 absolute. Minus infinity gives NaN, plus infinity itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanh<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V cube = S.Mul(S.Mul(x, x), x);
        V inner = S.Mul(S.Broadcast(0.797884583f), S.Fma(cube, S.Broadcast(0.044715f), x));
        return S.Mul(S.Mul(x, S.Broadcast(0.5f)), S.Add(S.Broadcast(1f), Tanh<S, V>(inner)));
    }

    /// <summary>The magnitude of one number with the sign of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V CopySign<S, V>(V magnitude, V sign) where S : ISimd<V> where V : struct =>
        S.Or(S.Abs(magnitude), S.And(sign, S.Broadcast(-0f)));

    /// <summary>Limits to [low, high]; a NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Clamp<S, V>(V x, float low, float high) where S : ISimd<V> where V : struct =>
        S.Min(S.Broadcast(high), S.Max(S.Broadcast(low), x));

    /// <summary>e^r - 1 for r = x - n ln 2, |r| up to 0.35.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Expm1Reduced<S, V>(V x, V n) where S : ISimd<V> where V : struct
    {
        V r = S.Fma(n, S.Broadcast(-Ln2High), x);
        r = S.Fma(n, S.Broadcast(-Ln2Low), r);
        V q = S.Broadcast(0.000199089089f);
        q = S.Fma(q, r, S.Broadcast(0.00139345438f));
        q = S.Fma(q, r, S.Broadcast(0.00833328441f));
        q = S.Fma(q, r, S.Broadcast(0.0416664556f));
        q = S.Fma(q, r, S.Broadcast(0.166666672f));
        q = S.Fma(q, r, S.Broadcast(0.5f));
        return S.Fma(S.Mul(r, r), q, r);
    }

    /// <summary>log(1 + f) + e ln 2 for f in [sqrt(1/2) - 1, sqrt(2) - 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogReduced<S, V>(V f, V e) where S : ISimd<V> where V : struct
    {
        V p = S.Broadcast(-0.0615158267f);
        p = S.Fma(p, f, S.Broadcast(0.107434742f));
        p = S.Fma(p, f, S.Broadcast(-0.107940271f));
        p = S.Fma(p, f, S.Broadcast(0.110120341f));
        p = S.Fma(p, f, S.Broadcast(-0.124250926f));
        p = S.Fma(p, f, S.Broadcast(0.142869458f));
        p = S.Fma(p, f, S.Broadcast(-0.166694343f));
        p = S.Fma(p, f, S.Broadcast(0.200000361f));
        p = S.Fma(p, f, S.Broadcast(-0.249999657f));
        p = S.Fma(p, f, S.Broadcast(0.333333343f));
        V square = S.Mul(f, f);
        V r = S.Fma(S.Mul(square, f), p, S.Mul(e, S.Broadcast(Ln2Low)));
        r = S.Fma(square, S.Broadcast(-0.5f), r);
        return S.Fma(e, S.Broadcast(Ln2High), S.Add(f, r));
    }
}
