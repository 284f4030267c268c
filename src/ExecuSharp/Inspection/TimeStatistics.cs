namespace ExecuSharp.Inspection;

/// <summary>Times of an event that occurred several times, in milliseconds.</summary>
/// <param name="Count">Occurrences.</param>
/// <param name="Total">Sum.</param>
/// <param name="Average">Mean.</param>
/// <param name="Min">Shortest.</param>
/// <param name="P10">10th percentile.</param>
/// <param name="P50">Median.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="Max">Longest.</param>
public sealed record TimeStatistics(int Count, double Total, double Average, double Min, double P10, double P50, double P90, double Max)
{
    /// <summary>From single times; percentiles are interpolated between ranks, as ExecuTorch's Inspector (numpy.percentile) does.</summary>
    /// <param name="milliseconds">At least one time.</param>
    public static TimeStatistics Of(IReadOnlyCollection<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        double At(double part)
        {
            double rank = part * (sorted.Length - 1);
            int below = (int)rank;
            return below + 1 < sorted.Length ? sorted[below] + ((rank - below) * (sorted[below + 1] - sorted[below])) : sorted[^1];
        }
        double total = sorted.Sum();
        return new TimeStatistics(sorted.Length, total, total / sorted.Length, sorted[0], At(0.1), At(0.5), At(0.9), sorted[^1]);
    }
}
