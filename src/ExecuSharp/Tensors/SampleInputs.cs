using ExecuSharp.Core;

namespace ExecuSharp.Tensors;

/// <summary>Inputs for checks and measurements: floats are normal, integers are 0 or 1, truth values random. The same seed gives the same values.</summary>
public static class SampleInputs
{
    /// <summary>A tensor of random values.</summary>
    public static Tensor Random(ScalarType type, ReadOnlySpan<int> sizes, Random random, byte[]? dimOrder = null)
    {
        var t = Tensor.Empty(type, sizes, dimOrder);
        for (int i = 0; i < t.Numel; i++)
            Write(t, i, type.IsFloating() ? Normal(random) : random.Next(0, 2));
        return t;
    }

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(ScalarType type, ReadOnlySpan<int> sizes, byte[]? dimOrder = null)
    {
        var t = Tensor.Empty(type, sizes, dimOrder);
        for (int i = 0; i < t.Numel; i++)
            Write(t, i, 1);
        return t;
    }

    private static void Write(Tensor t, int index, double value)
    {
        switch (t.Type)
        {
            case ScalarType.Float: t.Span<float>()[index] = (float)value; break;
            case ScalarType.Double: t.Span<double>()[index] = value; break;
            case ScalarType.Half: t.Span<Half>()[index] = (Half)value; break;
            case ScalarType.BFloat16: t.Span<BFloat16>()[index] = (BFloat16)value; break;
            case ScalarType.Long or ScalarType.UInt64: t.Span<long>()[index] = (long)value; break;
            case ScalarType.Int or ScalarType.UInt32: t.Span<int>()[index] = (int)value; break;
            case ScalarType.Short or ScalarType.UInt16: t.Span<short>()[index] = (short)value; break;
            default: t.Bytes[index * t.Type.SizeOf()] = (byte)value; break;
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
