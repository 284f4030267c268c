namespace ExecuSharp.Benchmarking;

/// <summary>How long and how a program is measured.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>Runs before the measured ones.</summary>
    public int Warmup { get; init; } = 3;

    /// <summary>Measured runs; more if <see cref="Duration"/> is not over.</summary>
    public int MinIterations { get; init; } = 10;

    /// <summary>Time for the measured runs.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Threads; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Measure each operator.</summary>
    public bool Operators { get; init; }

    /// <summary>Method; null for <c>forward</c> or the only one.</summary>
    public string? Method { get; init; }
}
