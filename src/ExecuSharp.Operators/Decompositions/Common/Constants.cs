using ExecuSharp.Core;

namespace ExecuSharp.Operators.Decompositions.Common;

/// <summary>Constant tensors of any element type.</summary>
internal static class Constants
{
    /// <summary>The largest constant that a decomposition makes.</summary>
    private const long MaxElements = 1L << 28;

    /// <summary>A tensor with one value everywhere.</summary>
    public static Tensor Filled(ScalarType type, ReadOnlySpan<int> sizes, double value)
    {
        var tensor = Empty(type, sizes);
        for (long i = 0; i < tensor.Numel; i++)
            Set(tensor, (int)i, value);
        return tensor;
    }

    /// <summary>A tensor from numbers in row-major order.</summary>
    public static Tensor Of(ScalarType type, ReadOnlySpan<int> sizes, ReadOnlySpan<double> values)
    {
        var tensor = Empty(type, sizes);
        for (int i = 0; i < values.Length; i++)
            Set(tensor, i, values[i]);
        return tensor;
    }

    /// <summary>A tensor of integers.</summary>
    public static Tensor Longs(ReadOnlySpan<int> sizes, ReadOnlySpan<long> values) => Tensor.From(values, sizes);

    /// <summary>A vector of integers.</summary>
    public static Tensor Longs(params ReadOnlySpan<long> values) => Tensor.From(values, values.Length);

    /// <summary>A Bool tensor from a rule over row and column.</summary>
    public static Tensor Mask(int rows, int columns, Func<int, int, bool> rule)
    {
        var tensor = Empty(ScalarType.Bool, [rows, columns]);
        var bytes = tensor.Bytes;
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                bytes[(r * columns) + c] = rule(r, c) ? (byte)1 : (byte)0;
        return tensor;
    }

    /// <summary>The numbers of a tensor in row-major order.</summary>
    public static double[] Read(Tensor tensor)
    {
        var values = new double[tensor.Numel];
        for (int i = 0; i < values.Length; i++)
            values[i] = Get(tensor, i);
        return values;
    }

    /// <summary>Refuses constants above the limit.</summary>
    public static void CheckSize(params ReadOnlySpan<long> sizes)
    {
        Int128 n = 1;
        foreach (long s in sizes)
            n *= s;
        if (n > MaxElements)
            throw new InvalidOperationException($"a constant of {n} elements, at most {MaxElements} are made");
    }

    private static Tensor Empty(ScalarType type, ReadOnlySpan<int> sizes)
    {
        Int128 n = 1;
        foreach (int s in sizes)
            n *= s;
        return n <= MaxElements ? Tensor.Empty(type, sizes) : throw new InvalidOperationException($"a constant of {n} elements, at most {MaxElements} are made");
    }

    private static double Get(Tensor t, int i) => t.Type switch
    {
        ScalarType.Float => t.Span<float>()[i],
        ScalarType.Double => t.Span<double>()[i],
        ScalarType.Long => t.Span<long>()[i],
        ScalarType.Int => t.Span<int>()[i],
        ScalarType.Short => t.Span<short>()[i],
        ScalarType.Char => t.Span<sbyte>()[i],
        ScalarType.Byte or ScalarType.Bool => t.Span<byte>()[i],
        ScalarType.Half => (double)t.Span<Half>()[i],
        ScalarType.BFloat16 => (float)t.Span<BFloat16>()[i],
        _ => throw new InvalidOperationException($"constants of type {t.Type.Name()} cannot be read"),
    };

    private static void Set(Tensor t, int i, double value)
    {
        switch (t.Type)
        {
            case ScalarType.Float: t.Span<float>()[i] = (float)value; break;
            case ScalarType.Double: t.Span<double>()[i] = value; break;
            case ScalarType.Long: t.Span<long>()[i] = (long)value; break;
            case ScalarType.Int: t.Span<int>()[i] = (int)value; break;
            case ScalarType.Short: t.Span<short>()[i] = (short)value; break;
            case ScalarType.Char: t.Span<sbyte>()[i] = (sbyte)value; break;
            case ScalarType.Byte: t.Span<byte>()[i] = (byte)value; break;
            case ScalarType.Bool: t.Span<byte>()[i] = value != 0 ? (byte)1 : (byte)0; break;
            case ScalarType.Half: t.Span<Half>()[i] = (Half)value; break;
            case ScalarType.BFloat16: t.Span<BFloat16>()[i] = (BFloat16)(float)value; break;
            default: throw new InvalidOperationException($"constants of type {t.Type.Name()} cannot be made");
        }
    }
}
