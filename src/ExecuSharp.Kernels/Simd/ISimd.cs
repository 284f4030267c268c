namespace ExecuSharp.Kernels.Simd;

/// <summary>
/// The vocabulary of float32 kernels. A kernel is written once, generic over a zero-size witness of this interface, and the JIT makes one
/// body for each width. Every primitive gives the same bits in a lane at every width.
/// </summary>
/// <typeparam name="V">The vector: <see cref="float"/> or a hardware vector of floats. A mask is a vector whose lanes are all ones or all zeros.</typeparam>
public interface ISimd<V> where V : struct
{
    /// <summary>Lanes in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Reads <see cref="Count"/> floats, unaligned.</summary>
    static abstract V Load(ref readonly float source, nuint index);

    /// <summary>Writes <see cref="Count"/> floats, unaligned.</summary>
    static abstract void Store(V value, ref float target, nuint index);

    /// <summary>The same number in every lane.</summary>
    static abstract V Broadcast(float value);

    /// <summary>a + b.</summary>
    static abstract V Add(V a, V b);

    /// <summary>a - b.</summary>
    static abstract V Sub(V a, V b);

    /// <summary>a * b.</summary>
    static abstract V Mul(V a, V b);

    /// <summary>a / b.</summary>
    static abstract V Div(V a, V b);

    /// <summary>a * b + c with one rounding.</summary>
    static abstract V Fma(V a, V b, V c);

    /// <summary>a &lt; b ? a : b, as the x86 instruction: b where one is NaN.</summary>
    static abstract V Min(V a, V b);

    /// <summary>a &gt; b ? a : b, as the x86 instruction: b where one is NaN.</summary>
    static abstract V Max(V a, V b);

    /// <summary>Clears the sign.</summary>
    static abstract V Abs(V a);

    /// <summary>Flips the sign.</summary>
    static abstract V Negate(V a);

    /// <summary>Correctly rounded square root.</summary>
    static abstract V Sqrt(V a);

    /// <summary>Towards minus infinity.</summary>
    static abstract V Floor(V a);

    /// <summary>Towards plus infinity.</summary>
    static abstract V Ceiling(V a);

    /// <summary>To nearest, ties to even.</summary>
    static abstract V Round(V a);

    /// <summary>Towards zero.</summary>
    static abstract V Truncate(V a);

    /// <summary>Mask of a &lt; b.</summary>
    static abstract V Less(V a, V b);

    /// <summary>Mask of a &lt;= b.</summary>
    static abstract V LessOrEqual(V a, V b);

    /// <summary>Mask of a == b.</summary>
    static abstract V Equal(V a, V b);

    /// <summary>Lane-wise choice by a mask.</summary>
    static abstract V Select(V mask, V whenTrue, V whenFalse);

    /// <summary>Bitwise and.</summary>
    static abstract V And(V a, V b);

    /// <summary>Bitwise or.</summary>
    static abstract V Or(V a, V b);

    /// <summary>Bitwise exclusive or.</summary>
    static abstract V Xor(V a, V b);

    /// <summary>2^n for integral n in [-126, 127].</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>The unbiased exponent of a positive normal number, as a float.</summary>
    static abstract V Exponent(V a);

    /// <summary>The significand of a positive normal number, in [1, 2).</summary>
    static abstract V Significand(V a);

    /// <summary>Sum of the lanes; the order depends on the width.</summary>
    static abstract float Sum(V a);

    /// <summary>Largest lane.</summary>
    static abstract float MaxLane(V a);

    /// <summary>Smallest lane.</summary>
    static abstract float MinLane(V a);
}
