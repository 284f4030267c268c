using ExecuSharp.Core;
using ExecuSharp.Verification;

namespace ExecuSharp.Comparison;

/// <summary>How alike two tensors are.</summary>
/// <param name="Cosine">Cosine of the angle between them; 1 where both are zero.</param>
/// <param name="Sqnr">10·log10(Σa² / Σ(a−b)²) in dB; infinite where they are equal.</param>
/// <param name="MaxAbs">Largest absolute difference.</param>
/// <param name="TopAgrees">Whether the largest element of the last dimension is the same in every row.</param>
public sealed record Similarity(double Cosine, double Sqnr, double MaxAbs, bool TopAgrees)
{
    /// <summary>Compares two tensors of the same sizes in logical order.</summary>
    public static Similarity Of(Tensor a, Tensor b)
    {
        if (!a.Sizes.SequenceEqual(b.Sizes))
            return new Similarity(0, double.NegativeInfinity, double.PositiveInfinity, false);
        double dot = 0, aa = 0, bb = 0, error = 0, largest = 0;
        int row = a.Rank == 0 ? 1 : Math.Max(1, a.Sizes[^1]), topA = 0, topB = 0;
        double bestA = 0, bestB = 0;
        bool agrees = true;
        var order = new LogicalOrder(a.Sizes, a.Strides, b.Strides);
        for (long i = 0; i < a.Numel; i++, order.Next())
        {
            double x = TensorComparer.Element(a, order.First), y = TensorComparer.Element(b, order.Second);
            int column = (int)(i % row);
            if (column == 0 || x > bestA)
                (bestA, topA) = (x, column);
            if (column == 0 || y > bestB)
                (bestB, topB) = (y, column);
            if (column == row - 1)
                agrees &= topA == topB;
            if (x.Equals(y))
            {
                if (!double.IsFinite(x))
                    continue;
            }
            else if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                return new Similarity(0, double.NegativeInfinity, double.PositiveInfinity, false);
            }
            dot += x * y;
            aa += x * x;
            bb += y * y;
            error += (x - y) * (x - y);
            largest = Math.Max(largest, Math.Abs(x - y));
        }
        double cosine = error == 0 ? 1 : aa == 0 || bb == 0 ? 0 : Math.Clamp(dot / Math.Sqrt(aa * bb), -1, 1);
        return new Similarity(cosine, error == 0 ? double.PositiveInfinity : 10 * Math.Log10(aa / error), largest, agrees);
    }

    /// <summary>The worse of two in every respect.</summary>
    public static Similarity Worst(Similarity a, Similarity b) =>
        new(Math.Min(a.Cosine, b.Cosine), Math.Min(a.Sqnr, b.Sqnr), Math.Max(a.MaxAbs, b.MaxAbs), a.TopAgrees && b.TopAgrees);
}
