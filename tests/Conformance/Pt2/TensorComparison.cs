using ExecuSharp.Core;

namespace ExecuSharp.Tests.Conformance.Pt2;

/// <summary>Compares a result with a recorded one.</summary>
internal static class TensorComparison
{
    /// <summary>Null if equal: floats within atol + rtol * |wanted|, others exactly; NaN equals NaN. Else the worst element.</summary>
    public static string? Compare(Tensor found, Tensor wanted, double rtol, double atol)
    {
        if (found.Type != wanted.Type || !found.Sizes.SequenceEqual(wanted.Sizes))
            return $"{found} instead of {wanted}";
        double[] a = Read(found), b = Read(wanted);
        bool exact = !found.Type.IsFloating();
        int worst = -1;
        double largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] == b[i] || (double.IsNaN(a[i]) && double.IsNaN(b[i])))
                continue;
            double difference = Math.Abs(a[i] - b[i]);
            if (double.IsNaN(difference))
                difference = double.PositiveInfinity;
            if ((exact || difference > atol + (rtol * Math.Abs(b[i]))) && difference > largest)
                (worst, largest) = (i, difference);
        }
        return worst < 0 ? null : $"{found} at {worst}: {a[worst]} instead of {b[worst]}";
    }

    private static double[] Read(Tensor t)
    {
        var values = new double[t.Numel];
        for (int i = 0; i < values.Length; i++)
            values[i] = t.Type switch
            {
                ScalarType.Float => t.Span<float>()[i],
                ScalarType.Double => t.Span<double>()[i],
                ScalarType.Half => (double)t.Span<Half>()[i],
                ScalarType.BFloat16 => (float)t.Span<BFloat16>()[i],
                ScalarType.Long => t.Span<long>()[i],
                ScalarType.Int => t.Span<int>()[i],
                ScalarType.Short => t.Span<short>()[i],
                ScalarType.Char => t.Span<sbyte>()[i],
                ScalarType.Byte or ScalarType.Bool => t.Span<byte>()[i],
                _ => throw new NotSupportedException(t.Type.Name()),
            };
        return values;
    }
}
