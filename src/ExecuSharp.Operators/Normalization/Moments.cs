using System.Numerics;
using System.Runtime.InteropServices;

namespace ExecuSharp.Operators.Normalization;

/// <summary>Mean and inverse standard deviation in double precision; of Double as the official kernels, from float32 sums.</summary>
internal static class Moments
{
    public static (double Mean, double Rstd) Of<T>(ReadOnlySpan<T> values, double eps) where T : unmanaged, INumberBase<T>
    {
        if (values.IsEmpty)
            return (0, double.NaN);
        if (typeof(T) == typeof(double))
        {
            var (first, second) = SinglePrecisionSums(MemoryMarshal.Cast<T, double>(values));
            double m = first / values.Length;
            return (m, 1 / Math.Sqrt((second / values.Length) - (m * m) + eps));
        }
        double sum = 0;
        foreach (var v in values)
            sum += double.CreateTruncating(v);
        double mean = sum / values.Length;
        double squares = 0;
        foreach (var v in values)
        {
            double d = double.CreateTruncating(v) - mean;
            squares += d * d;
        }
        return (mean, 1 / Math.Sqrt((squares / values.Length) + eps));
    }

    /// <summary>The sum and the sum of squares as the official kernels compute them for Double: in float32, one after the other.</summary>
    public static (double Sum, double Squares) SinglePrecisionSums(ReadOnlySpan<double> values)
    {
        float sum = 0, squares = 0;
        foreach (double v in values)
            sum = (float)(sum + v);
        foreach (double v in values)
            squares = (float)(squares + (v * v));
        return (sum, squares);
    }
}
