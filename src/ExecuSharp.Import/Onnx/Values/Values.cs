using ExecuSharp.Core;

namespace ExecuSharp.Import.Onnx;

/// <summary>Contents of known tensors as numbers.</summary>
internal static class Values
{
    public static long[] Longs(Tensor t)
    {
        var result = new long[t.Numel];
        for (int i = 0; i < result.Length; i++)
            result[i] = t.Type switch
            {
                ScalarType.Long => t.Span<long>()[i],
                ScalarType.Int => t.Span<int>()[i],
                ScalarType.Short => t.Span<short>()[i],
                ScalarType.Char => t.Span<sbyte>()[i],
                ScalarType.Byte or ScalarType.Bool => t.Span<byte>()[i],
                _ => (long)Double(t, i),
            };
        return result;
    }

    public static double[] Doubles(Tensor t)
    {
        var result = new double[t.Numel];
        for (int i = 0; i < result.Length; i++)
            result[i] = Double(t, i);
        return result;
    }

    private static double Double(Tensor t, int i) => t.Type switch
    {
        ScalarType.Float => t.Span<float>()[i],
        ScalarType.Double => t.Span<double>()[i],
        ScalarType.Half => (double)t.Span<Half>()[i],
        ScalarType.BFloat16 => t.Span<BFloat16>()[i],
        ScalarType.Long => t.Span<long>()[i],
        ScalarType.Int => t.Span<int>()[i],
        ScalarType.Short => t.Span<short>()[i],
        ScalarType.Char => t.Span<sbyte>()[i],
        ScalarType.Byte or ScalarType.Bool => t.Span<byte>()[i],
        _ => throw new OnnxUnsupportedException($"elements of type {t.Type.Name()}"),
    };
}
