using ExecuSharp.Core;

namespace ExecuSharp.Operators.Common;

/// <summary>Type rules of the official kernels. They know no "wrapped number" rule for tensors; a zero-dimensional tensor counts as any other.</summary>
internal static class Promotion
{
    /// <summary>Byte, Char, Short, Int, Long, Half, BFloat16, Float, Double or Bool.</summary>
    public static bool IsRealOrBool(ScalarType type) => type is <= ScalarType.Double or ScalarType.Bool or ScalarType.BFloat16;

    /// <summary>Byte, Char, Short, Int, Long, Half, BFloat16, Float or Double.</summary>
    public static bool IsReal(ScalarType type) => type is <= ScalarType.Double or ScalarType.BFloat16;

    /// <summary>Byte, Char, Short, Int, Long or Bool.</summary>
    public static bool IsIntegralOrBool(ScalarType type) => type is <= ScalarType.Long or ScalarType.Bool;

    /// <summary>The common type of two tensors; both must be real or Bool.</summary>
    public static ScalarType Promote(ScalarType a, ScalarType b)
    {
        RequireRealOrBool(a);
        RequireRealOrBool(b);
        return ScalarTypes.Promote(a, b);
    }

    /// <summary>The common type of a tensor and a number.</summary>
    public static ScalarType Promote(ScalarType type, Scalar number)
    {
        RequireRealOrBool(type);
        if (number.IsDouble)
            return type.IsFloating() ? type : ScalarType.Float;
        if (number.IsInt)
            return type == ScalarType.Bool ? ScalarType.Long : type;
        return type;
    }

    /// <summary>The type in which a kernel computes: Half and BFloat16 compute in Float.</summary>
    public static ScalarType Compute(ScalarType common) => common.IsReducedFloating() ? ScalarType.Float : common;

    /// <summary>The type of a division: the floating type among the two, else Float.</summary>
    public static ScalarType PromoteToFloating(ScalarType a, ScalarType b)
    {
        RequireRealOrBool(a);
        RequireRealOrBool(b);
        if (a.IsFloating() && b.IsFloating())
            return ScalarTypes.Promote(a, b);
        return a.IsFloating() ? a : b.IsFloating() ? b : ScalarType.Float;
    }

    /// <summary>PyTorch's canCast: no float to integer, nothing but Bool to Bool.</summary>
    public static bool CanCast(ScalarType from, ScalarType to) =>
        !(from.IsComplex() && !to.IsComplex())
        && !(from.IsFloating() && IsIntegralOrBool(to))
        && !(from != ScalarType.Bool && to == ScalarType.Bool);

    /// <summary>The type that a number stands for: Bool, Long or Double.</summary>
    public static ScalarType TypeOf(Scalar number) =>
        number.IsBool ? ScalarType.Bool : number.IsInt ? ScalarType.Long : ScalarType.Double;

    /// <summary>
    /// A Bool alpha needs Bool tensors, a float alpha floating ones, and an integer alpha for integer tensors must fit their type.
    /// </summary>
    public static bool AlphaFits(Scalar alpha, ScalarType common) => common switch
    {
        ScalarType.Bool => !alpha.IsDouble,
        ScalarType.Float or ScalarType.Half or ScalarType.BFloat16 => !alpha.IsBool && !(Math.Abs(alpha.ToDouble()) is > float.MaxValue and < double.PositiveInfinity),
        ScalarType.Double => !alpha.IsBool,
        _ => alpha.IsInt && InRange(alpha.ToLong(), common),
    };

    /// <summary>True if an integer is between the limits of an integer type.</summary>
    public static bool InRange(long value, ScalarType type) => type switch
    {
        ScalarType.Byte => value is >= byte.MinValue and <= byte.MaxValue,
        ScalarType.Char => value is >= sbyte.MinValue and <= sbyte.MaxValue,
        ScalarType.Short => value is >= short.MinValue and <= short.MaxValue,
        ScalarType.Int => value is >= int.MinValue and <= int.MaxValue,
        _ => true,
    };

    /// <summary>
    /// True if a number can be stored in a type (c10::overflows): a negative integer wraps into Byte down to -255, an infinity or NaN fits
    /// every floating type, and anything fits Bool.
    /// </summary>
    public static bool Fits(Scalar number, ScalarType type)
    {
        if (number.IsBool || type == ScalarType.Bool)
            return true;
        if (type.IsFloating())
        {
            double limit = type switch
            {
                ScalarType.Half => 65504.0,
                ScalarType.BFloat16 => 3.3895313892515355e38,
                ScalarType.Float => float.MaxValue,
                _ => double.MaxValue,
            };
            return !(Math.Abs(number.ToDouble()) > limit) || (number.IsDouble && double.IsInfinity(number.ToDouble()));
        }
        if (number.IsInt)
            return type == ScalarType.Byte ? number.ToLong() is >= -255 and <= 255 : InRange(number.ToLong(), type);
        double value = number.ToDouble();
        return type switch
        {
            ScalarType.Byte => value is >= byte.MinValue and <= byte.MaxValue,
            ScalarType.Char => value is >= sbyte.MinValue and <= sbyte.MaxValue,
            ScalarType.Short => value is >= short.MinValue and <= short.MaxValue,
            ScalarType.Int => value is >= int.MinValue and <= int.MaxValue,
            _ => value is >= -9223372036854775808.0 and <= 9223372036854775808.0,
        };
    }

    /// <summary>Refuses types outside Byte … Double, Half, BFloat16 and Bool.</summary>
    public static void RequireRealOrBool(ScalarType type) =>
        KernelChecks.Require(IsRealOrBool(type), $"no kernel for elements of type {type.Name()}");

}
