using System.Numerics;
using System.Runtime.CompilerServices;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Division that rounds down, as Python's //. Floats: infinity with the dividend's sign for a zero divisor.</summary>
internal readonly struct FloorDivide : IBinaryElement
{
    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
            return IntegerDivision.As<float, T>(Floor(IntegerDivision.As<T, float>(a), IntegerDivision.As<T, float>(b)));
        if (typeof(T) == typeof(double))
            return IntegerDivision.As<double, T>(Floor(IntegerDivision.As<T, double>(a), IntegerDivision.As<T, double>(b)));
        IntegerDivision.Check(a, b);
        T quotient = a / b;
        return T.IsNegative(a) != T.IsNegative(b) && quotient * b != a ? quotient - T.One : quotient;
    }

    private static T Floor<T>(T a, T b) where T : INumber<T>
    {
        if (T.IsZero(b))
            return T.IsNegative(a) ? T.CreateChecked(double.NegativeInfinity) : T.CreateChecked(double.PositiveInfinity);
        T mod = a % b;
        T quotient = (a - mod) / b;
        return !T.IsZero(mod) && T.IsNegative(b) != T.IsNegative(mod) ? quotient - T.One : quotient;
    }
}

/// <summary>Division that rounds towards zero.</summary>
internal readonly struct TruncateDivide : IBinaryElement
{
    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
            return IntegerDivision.As<float, T>(MathF.Truncate(IntegerDivision.As<T, float>(a) / IntegerDivision.As<T, float>(b)));
        if (typeof(T) == typeof(double))
            return IntegerDivision.As<double, T>(Math.Truncate(IntegerDivision.As<T, double>(a) / IntegerDivision.As<T, double>(b)));
        IntegerDivision.Check(a, b);
        return a / b;
    }
}

/// <summary>C's fmod; the result has the dividend's sign.</summary>
internal readonly struct FloatModulo : IBinaryElement
{
    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a % b;
}

/// <summary>
/// Remainder: of floats with the divisor's sign, of integers with the dividend's, as the official kernel has it. Its float path adds the divisor in
/// float32 even for Double.
/// </summary>
internal readonly struct Remainder : IBinaryElement
{
    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
            return IntegerDivision.As<float, T>(Float(IntegerDivision.As<T, float>(a), IntegerDivision.As<T, float>(b)));
        if (typeof(T) == typeof(double))
            return IntegerDivision.As<double, T>(Double(IntegerDivision.As<T, double>(a), IntegerDivision.As<T, double>(b)));
        IntegerDivision.Check(a, b);
        return a % b;
    }

    private static float Float(float a, float b)
    {
        float remainder = a % b;
        return (a < 0) != (b < 0) && remainder != 0 ? remainder + b : remainder;
    }

    private static double Double(double a, double b)
    {
        float remainder = (float)(a % b);
        return (a < 0) != (b < 0) && remainder != 0 ? (float)(remainder + b) : remainder;
    }
}

/// <summary>a to the power of b in floats.</summary>
internal readonly struct Power : IBinaryElement
{
    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
        ? IntegerDivision.As<float, T>((float)Math.Pow(IntegerDivision.As<T, float>(a), IntegerDivision.As<T, float>(b)))
        : IntegerDivision.As<double, T>(Math.Pow(IntegerDivision.As<T, double>(a), IntegerDivision.As<T, double>(b)));
}

/// <summary>The angle of the point (b, a).</summary>
internal readonly struct ArcTangent2 : IBinaryElement
{
    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
        ? IntegerDivision.As<float, T>((float)Math.Atan2(IntegerDivision.As<T, float>(a), IntegerDivision.As<T, float>(b)))
        : IntegerDivision.As<double, T>(Math.Atan2(IntegerDivision.As<T, double>(a), IntegerDivision.As<T, double>(b)));
}

/// <summary>What integer divisions share.</summary>
internal static class IntegerDivision
{
    /// <summary>Refuses a division by zero, and the one of Int and Long whose quotient does not fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check<T>(T a, T b) where T : unmanaged, INumber<T>
    {
        if (T.IsZero(b))
            KernelChecks.Fail("integer division by zero");
        if (Unsafe.SizeOf<T>() >= 4 && b == -T.One && T.IsNegative(a) && a == -a)
            KernelChecks.Fail("the quotient of the smallest integer and -1 does not fit");
    }

    /// <summary>The same value under another name of its type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TTo As<TFrom, TTo>(TFrom value) => Unsafe.As<TFrom, TTo>(ref value);
}
