using ExecuSharp.Formats.Onnx;

namespace ExecuSharp.Import.Onnx;

/// <summary>A float type of 4 or 8 bits.</summary>
/// <param name="ExponentBits">Exponent bits.</param>
/// <param name="MantissaBits">Mantissa bits.</param>
/// <param name="Bias">Exponent bias.</param>
/// <param name="Max">Largest finite value.</param>
/// <param name="HasInfinity">The largest exponent stands for infinity and NaN (IEEE).</param>
/// <param name="HasNegativeZero">0x80 is minus zero; else it is NaN.</param>
/// <param name="HasNaN">There is a NaN.</param>
internal sealed record SmallFloat(int ExponentBits, int MantissaBits, int Bias, float Max, bool HasInfinity, bool HasNegativeZero, bool HasNaN)
{
    public static SmallFloat Of(OnnxDataType type) => type switch
    {
        OnnxDataType.Float8E4M3Fn => new(4, 3, 7, 448, false, true, true),
        OnnxDataType.Float8E4M3FnUz => new(4, 3, 8, 240, false, false, true),
        OnnxDataType.Float8E5M2 => new(5, 2, 15, 57344, true, true, true),
        OnnxDataType.Float8E5M2FnUz => new(5, 2, 16, 57344, false, false, true),
        OnnxDataType.Float4E2M1 => new(2, 1, 1, 6, false, true, false),
        OnnxDataType.Float8E8M0 => new(8, 0, 127, float.ScaleB(1, 127), false, true, true),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Smallest exponent of a normal number.</summary>
    public int MinExponent => 1 - Bias;

    /// <summary>The value of a code.</summary>
    public float Decode(int code)
    {
        if (MantissaBits == 0)
            return code == 0xFF ? float.NaN : float.ScaleB(1, code - 127);
        int magnitude = code & ((1 << (ExponentBits + MantissaBits)) - 1);
        bool negative = code != magnitude;
        int exponent = magnitude >> MantissaBits, mantissa = magnitude & ((1 << MantissaBits) - 1);
        if (!HasNegativeZero && code == 0x80)
            return float.NaN;
        if (HasInfinity && exponent == (1 << ExponentBits) - 1)
            return mantissa != 0 ? float.NaN : negative ? float.NegativeInfinity : float.PositiveInfinity;
        if (HasNaN && HasNegativeZero && !HasInfinity && magnitude == (1 << (ExponentBits + MantissaBits)) - 1)
            return float.NaN;
        float value = exponent == 0
            ? float.ScaleB(mantissa, MinExponent - MantissaBits)
            : float.ScaleB(mantissa + (1 << MantissaBits), exponent - Bias - MantissaBits);
        return negative ? -value : value;
    }
}
