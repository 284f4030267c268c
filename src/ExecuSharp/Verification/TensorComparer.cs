using System.Globalization;
using ExecuSharp.Core;

namespace ExecuSharp.Verification;

/// <summary>Compares tensors element by element. NaN equals NaN, and infinities of one sign are equal.</summary>
public static class TensorComparer
{
    /// <summary>Compares in logical order; the tensors may have different dim orders.</summary>
    public static OutputDifference Compare(int index, Tensor got, Tensor want, Tolerance tolerance)
    {
        var sizes = got.Sizes.ToArray();
        if (got.Type != want.Type || !got.Sizes.SequenceEqual(want.Sizes))
            return new OutputDifference(index, got.Type.Name(), sizes, double.NaN, Math.Max(1, want.Numel), $"expected {want}, found {got}");
        if (tolerance.ShapeOnly)
            return new OutputDifference(index, got.Type.Name(), sizes, 0, 0, null);
        if (got.Type is ScalarType.ComplexFloat or ScalarType.ComplexDouble)
            return Compare(index, Parts(got), Parts(want), tolerance.Absolute + tolerance.Relative > 0 ? tolerance : Tolerance.For(Parts(got).Type));
        if (tolerance.LargestFactor > 0)
            tolerance = tolerance with { Absolute = tolerance.Absolute + (tolerance.LargestFactor * Largest(want)), LargestFactor = 0 };
        double largest = 0;
        long outside = 0;
        string? first = null;
        var order = new LogicalOrder(got.Sizes, got.Strides, want.Strides);
        int row = sizes.Length == 0 ? 1 : Math.Max(1, sizes[^1]);
        double rowLargest = 0;
        for (long i = 0; i < got.Numel; i++, order.Next())
        {
            double a = Element(got, order.First), b = Element(want, order.Second);
            if (tolerance.RowFactor > 0 && i % row == 0)
                rowLargest = RowLargest(want, order, row);
            if (Close(a, b, got, want, order, tolerance, rowLargest, out double difference))
            {
                largest = Math.Max(largest, difference);
                continue;
            }
            largest = Math.Max(largest, double.IsNaN(difference) ? double.PositiveInfinity : difference);
            if (outside++ == 0)
                first = string.Create(CultureInfo.InvariantCulture, $"element {i}: expected {b:R}, found {a:R}");
        }
        return new OutputDifference(index, got.Type.Name(), sizes, largest, outside, first);
    }

    /// <summary>An element as a double; complex numbers by their real part's position.</summary>
    public static double Element(Tensor t, int index) => t.Type switch
    {
        ScalarType.Float => t.Span<float>()[index],
        ScalarType.Double => t.Span<double>()[index],
        ScalarType.Half => (double)t.Span<Half>()[index],
        ScalarType.BFloat16 => (float)t.Span<BFloat16>()[index],
        ScalarType.Long or ScalarType.UInt64 => t.Span<long>()[index],
        ScalarType.Int or ScalarType.QInt32 => t.Span<int>()[index],
        ScalarType.UInt32 => t.Span<uint>()[index],
        ScalarType.Short => t.Span<short>()[index],
        ScalarType.UInt16 => t.Span<ushort>()[index],
        ScalarType.Char or ScalarType.QInt8 => t.Span<sbyte>()[index],
        _ => t.Bytes[index * t.Type.SizeOf()],
    };

    // Real and imaginary parts as a last dimension of two.
    private static Tensor Parts(Tensor complex) => new(complex.Type == ScalarType.ComplexFloat ? ScalarType.Float : ScalarType.Double, [.. complex.Sizes, 2], complex.Storage, [.. complex.DimOrder, (byte)complex.Rank]);

    private static double Largest(Tensor t)
    {
        double largest = 0;
        for (int i = 0; i < t.Numel; i++)
            if (Math.Abs(Element(t, i)) is var x && double.IsFinite(x))
                largest = Math.Max(largest, x);
        return largest;
    }

    private static bool Close(double a, double b, Tensor got, Tensor want, LogicalOrder order, Tolerance tolerance, double rowLargest, out double difference)
    {
        difference = 0;
        if (!got.Type.IsFloating())
        {
            if (SameBytes(got, want, order))
                return true;
            difference = Math.Abs(a - b);
            return got.Type != ScalarType.Bool && difference <= tolerance.Steps;
        }
        if (double.IsNaN(a) && double.IsNaN(b))
            return true;
        if (a.Equals(b) || (a == 0 && b == 0))
            return true;
        if (tolerance.NonFiniteIsFree && (!double.IsFinite(a) || !double.IsFinite(b)))
            return true;
        difference = Math.Abs(a - b);
        return difference <= tolerance.Absolute + (tolerance.Relative * Math.Abs(b)) + (tolerance.RowFactor * rowLargest);
    }

    private static bool SameBytes(Tensor got, Tensor want, LogicalOrder order)
    {
        int size = got.Type.SizeOf();
        return got.Bytes.Slice(order.First * size, size).SequenceEqual(want.Bytes.Slice(order.Second * size, size));
    }

    private static double RowLargest(Tensor want, LogicalOrder order, int row)
    {
        double largest = 0;
        int stride = want.Rank == 0 ? 1 : want.Strides[^1];
        for (int i = 0; i < row; i++)
            largest = Math.Max(largest, Math.Abs(Element(want, order.Second + (i * stride))));
        return largest;
    }
}
