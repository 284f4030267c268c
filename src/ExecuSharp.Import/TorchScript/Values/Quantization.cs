using ExecuSharp.Core;

namespace ExecuSharp.Import.TorchScript.Values;

/// <summary>How the codes of a quantized tensor stand for numbers: <c>(code - zeroPoint) * scale</c>.</summary>
/// <param name="Type">Byte or Char (or Int).</param>
/// <param name="Axis">The dimension that scales belong to, or null for one scale.</param>
/// <param name="Scales">Scales.</param>
/// <param name="ZeroPoints">As many zero points.</param>
internal sealed record Quantization(ScalarType Type, int? Axis, double[] Scales, long[] ZeroPoints)
{
    public long Minimum => Type switch { ScalarType.Byte => 0, ScalarType.Char => -128, _ => int.MinValue };

    public long Maximum => Type switch { ScalarType.Byte => 255, ScalarType.Char => 127, _ => int.MaxValue };

    /// <summary>The plain integer type of codes.</summary>
    public static ScalarType Codes(ScalarType type) => type switch
    {
        ScalarType.QUInt8 => ScalarType.Byte,
        ScalarType.QInt8 => ScalarType.Char,
        ScalarType.QInt32 => ScalarType.Int,
        _ => type,
    };
}
