using ExecuSharp.Core;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>A constant stored as codes: value = (code − zero point)·scale, with one scale, one for each index of a dimension, or one for each group of a row.</summary>
/// <param name="Codes">The codes.</param>
/// <param name="Scales">Scales; groups in row order.</param>
/// <param name="ZeroPoints">Zero points, as many as scales.</param>
/// <param name="Axis">Dimension of the scales; -1 for one scale.</param>
/// <param name="Group">Elements of a row that share a scale; 0 for all.</param>
/// <param name="Min">Smallest code.</param>
/// <param name="Max">Largest code.</param>
internal sealed record QuantizedConstant(Tensor Codes, float[] Scales, long[] ZeroPoints, int Axis, int Group, long Min, long Max)
{
    /// <summary>The codes as signed bytes with a zero point of 0, or null if they are not such.</summary>
    public Tensor? Symmetric()
    {
        // An unsigned code minus 128 is a signed code with the same meaning.
        long shift = Codes.Type switch { ScalarType.Char => 0, ScalarType.Byte => 128, _ => -1 };
        if (shift < 0 || ZeroPoints.Any(z => z != shift))
            return null;
        return shift == 0 ? Codes : Shifted(Codes);
    }

    /// <summary>Unsigned codes minus 128, as signed bytes.</summary>
    public static Tensor Shifted(Tensor codes)
    {
        var bytes = codes.Bytes.ToArray();
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] ^= 0x80;
        return new Tensor(ScalarType.Char, codes.Sizes, bytes);
    }

    /// <summary>The values.</summary>
    public Tensor ToFloat()
    {
        var result = Tensor.Empty(ScalarType.Float, Codes.Sizes);
        var values = result.Span<float>();
        int inner = 1;
        for (int d = Axis + 1; Axis >= 0 && d < Codes.Rank; d++)
            inner *= Codes.Sizes[d];
        for (int i = 0; i < values.Length; i++)
        {
            int s = Axis < 0 ? 0 : Group > 0 ? i / Group : i / inner % Codes.Sizes[Axis];
            values[i] = (Code(i) - ZeroPoints[s]) * Scales[s];
        }
        return result;
    }

    private long Code(int index) => Codes.Type switch
    {
        ScalarType.Char => Codes.Span<sbyte>()[index],
        ScalarType.Byte => Codes.Span<byte>()[index],
        ScalarType.Short => Codes.Span<short>()[index],
        ScalarType.Int => Codes.Span<int>()[index],
        _ => throw new InvalidOperationException($"codes of type {Codes.Type.Name()}"),
    };
}
