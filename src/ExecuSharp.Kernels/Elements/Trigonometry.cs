using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elements;

/// <summary>Sine and cosine for arguments up to some thousands; 2e-7 absolute. Larger ones lose accuracy as the reduction does.</summary>
public static class Trigonometry
{
    /// <summary>sin x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sine<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V n = S.Round(S.Mul(x, S.Broadcast(0.318309886f)));
        return Reduced<S, V>(Reduce<S, V>(x, n), n);
    }

    /// <summary>cos x = sin(x + pi/2), with odd multiples of pi/2 taken away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cosine<S, V>(V x) where S : ISimd<V> where V : struct
    {
        V n = S.Round(S.Fma(x, S.Broadcast(0.318309886f), S.Broadcast(0.5f)));
        return Reduced<S, V>(Reduce<S, V>(x, S.Sub(n, S.Broadcast(0.5f))), n);
    }

    // x - n pi, with pi in three parts
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce<S, V>(V x, V n) where S : ISimd<V> where V : struct
    {
        V r = S.Fma(n, S.Broadcast(-3.140625f), x);
        r = S.Fma(n, S.Broadcast(-9.67502593994140625e-4f), r);
        return S.Fma(n, S.Broadcast(-1.509957990978376432e-7f), r);
    }

    // (-1)^n sin r for |r| up to pi/2
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduced<S, V>(V r, V n) where S : ISimd<V> where V : struct
    {
        V z = S.Mul(r, r);
        V p = S.Broadcast(2.6083159809786593541503e-6f);
        p = S.Fma(p, z, S.Broadcast(-1.981069071916863322258e-4f));
        p = S.Fma(p, z, S.Broadcast(8.33307858556509017944336e-3f));
        p = S.Fma(p, z, S.Broadcast(-0.166666597127914428710938f));
        V s = S.Fma(S.Mul(z, r), p, r);
        V half = S.Mul(n, S.Broadcast(0.5f));
        V odd = S.Sub(half, S.Floor(half));
        return S.Select(S.Less(S.Broadcast(0.25f), odd), S.Negate(s), s);
    }
}
