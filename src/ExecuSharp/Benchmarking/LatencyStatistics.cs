namespace ExecuSharp.Benchmarking;

/// <summary>Milliseconds of the measured runs.</summary>
public sealed record LatencyStatistics(int Count, double Mean, double Min, double P50, double P90, double P95, double P99, double Max)
{
    /// <summary>From the times of single runs in milliseconds; percentiles by nearest rank.</summary>
    public static LatencyStatistics Of(IReadOnlyCollection<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        double At(double p) => sorted[Math.Clamp((int)Math.Ceiling(p * sorted.Length) - 1, 0, sorted.Length - 1)];
        return new LatencyStatistics(sorted.Length, sorted.Average(), sorted[0], At(0.5), At(0.9), At(0.95), At(0.99), sorted[^1]);
    }
}
