namespace ExecuSharp.Core;

/// <summary>Facts about <see cref="ScalarType"/> values: size, class, promotion, names.</summary>
public static class ScalarTypes
{
    /// <summary>Bytes of one element; 0 for a number that is no element type.</summary>
    public static int SizeOf(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Char or ScalarType.Bool or ScalarType.QInt8 or ScalarType.QUInt8
            or ScalarType.QUInt4x2 or ScalarType.QUInt2x4 or ScalarType.Bits1x8 or ScalarType.Bits2x4
            or ScalarType.Bits4x2 or ScalarType.Bits8 or ScalarType.Float8E5M2 or ScalarType.Float8E4M3Fn
            or ScalarType.Float8E5M2FnUz or ScalarType.Float8E4M3FnUz => 1,
        ScalarType.Short or ScalarType.Half or ScalarType.BFloat16 or ScalarType.Bits16 or ScalarType.UInt16 => 2,
        ScalarType.Int or ScalarType.Float or ScalarType.ComplexHalf or ScalarType.QInt32 or ScalarType.UInt32 => 4,
        ScalarType.Long or ScalarType.Double or ScalarType.ComplexFloat or ScalarType.UInt64 => 8,
        ScalarType.ComplexDouble => 16,
        _ => 0,
    };

    /// <summary>Half, BFloat16, Float or Double.</summary>
    public static bool IsFloating(this ScalarType type) =>
        type is ScalarType.Half or ScalarType.Float or ScalarType.Double or ScalarType.BFloat16;

    /// <summary>Byte, Char, Short, Int, Long or an unsigned integer of 16 to 64 bits; not Bool.</summary>
    public static bool IsIntegral(this ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Char or ScalarType.Short or ScalarType.Int or ScalarType.Long
            or ScalarType.UInt16 or ScalarType.UInt32 or ScalarType.UInt64;

    /// <summary>A complex type.</summary>
    public static bool IsComplex(this ScalarType type) =>
        type is ScalarType.ComplexHalf or ScalarType.ComplexFloat or ScalarType.ComplexDouble;

    /// <summary>Half or BFloat16.</summary>
    public static bool IsReducedFloating(this ScalarType type) => type is ScalarType.Half or ScalarType.BFloat16;

    /// <summary>
    /// PyTorch's promotion of two tensor types of equal category weight (c10/core/ScalarType: promoteTypes) for the
    /// types Byte, Char, Short, Int, Long, Half, BFloat16, Float, Double and Bool.
    /// </summary>
    public static ScalarType Promote(ScalarType a, ScalarType b)
    {
        if (a == b)
            return a;
        if (a == ScalarType.Bool)
            return b;
        if (b == ScalarType.Bool)
            return a;
        bool fa = a.IsFloating(), fb = b.IsFloating();
        if (fa && fb)
        {
            if (a == ScalarType.Double || b == ScalarType.Double)
                return ScalarType.Double;
            return ScalarType.Float; // Half with BFloat16, or either with Float
        }
        if (fa)
            return a;
        if (fb)
            return b;
        if (a == ScalarType.Byte || b == ScalarType.Byte)
        {
            var other = a == ScalarType.Byte ? b : a;
            return other == ScalarType.Char ? ScalarType.Short : other;
        }
        return a.SizeOf() >= b.SizeOf() ? a : b;
    }

    /// <summary>ExecuTorch's spelling, as printed by its tools: <c>Float</c>, <c>BFloat16</c>, <c>Long</c>.</summary>
    public static string Name(this ScalarType type) => Enum.IsDefined(type) ? type.ToString() : $"ScalarType({(int)type})";
}
