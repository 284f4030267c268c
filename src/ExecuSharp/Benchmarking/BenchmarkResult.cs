namespace ExecuSharp.Benchmarking;

/// <summary>What a measurement found.</summary>
/// <param name="Model">Path.</param>
/// <param name="Method">Method.</param>
/// <param name="FileBytes">Size of the file.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Width">Vector width in bits.</param>
/// <param name="ProgramLoad">Milliseconds to open the file and read its tables.</param>
/// <param name="MethodLoad">Milliseconds to plan memory and prepare the delegates.</param>
/// <param name="FirstRun">Milliseconds of the first run.</param>
/// <param name="Latency">Steady state.</param>
/// <param name="AllocatedPerRun">Bytes allocated on the managed heap by each steady run.</param>
/// <param name="PeakMemory">Largest resident memory of the process in bytes.</param>
/// <param name="Operators">Share of each operator, if asked for.</param>
public sealed record BenchmarkResult(
    string Model, string Method, long FileBytes, int Threads, int Width, double ProgramLoad, double MethodLoad, double FirstRun,
    LatencyStatistics Latency, long AllocatedPerRun, long PeakMemory, IReadOnlyList<OperatorTime> Operators)
{
    /// <summary>Frames a second at the mean latency.</summary>
    public double FramesPerSecond => 1000 / Latency.Mean;

    /// <summary>Whether 95 of 100 runs end within a frame of this rate.</summary>
    public bool Holds(double framesPerSecond) => Latency.P95 <= 1000 / framesPerSecond;
}
