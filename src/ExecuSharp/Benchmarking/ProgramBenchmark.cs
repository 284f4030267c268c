using System.Diagnostics;
using ExecuSharp.Comparison;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Runtime;

namespace ExecuSharp.Benchmarking;

/// <summary>Measures load, first run and steady state of a program apart.</summary>
public static class ProgramBenchmark
{
    /// <summary>Measures a program on random inputs.</summary>
    /// <exception cref="ModelFormatException">The file is missing or broken.</exception>
    /// <exception cref="ExecuTorchException">It cannot be loaded or run.</exception>
    public static BenchmarkResult Run(string path, BenchmarkOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var runtime = RuntimeOptions.Default with { Threads = options.Threads };
        long start = Stopwatch.GetTimestamp();
        var program = Program.Load(path, runtime);
        double programLoad = Milliseconds(start);
        start = Stopwatch.GetTimestamp();
        using var model = new ProgramExecutable(program, options.Method, path);
        double methodLoad = Milliseconds(start);
        var inputs = ModelComparison.RandomInputs(model, 1, 1).First();
        model.SetInputs(inputs);
        start = Stopwatch.GetTimestamp();
        model.Method.Execute(cancellation);
        double first = Milliseconds(start);
        for (int i = 0; i < options.Warmup; i++)
            Execute(model, inputs, cancellation);
        var (times, allocated) = Measure(model, inputs, options, progress, cancellation);
        var operators = options.Operators ? OperatorTimes(model, inputs, cancellation) : [];
        return new BenchmarkResult(path, model.Method.Name, new FileInfo(path).Length, runtime.EffectiveThreads, (int)runtime.Width, programLoad, methodLoad, first,
            LatencyStatistics.Of(times), allocated, PeakMemory(), operators);
    }

    // The memory plan may give the memory of an input to other values after its last use.
    private static (double Time, long Allocated) Execute(ProgramExecutable model, IReadOnlyList<Tensor> inputs, CancellationToken cancellation)
    {
        model.SetInputs(inputs);
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        model.Method.Execute(cancellation);
        return (Milliseconds(start), GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (List<double> Times, long AllocatedPerRun) Measure(ProgramExecutable model, IReadOnlyList<Tensor> inputs, BenchmarkOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        var times = new List<double>(1 << 14);
        long allocated = 0, begin = Stopwatch.GetTimestamp();
        while (times.Count < options.MinIterations || Stopwatch.GetElapsedTime(begin) < options.Duration)
        {
            var run = Execute(model, inputs, cancellation);
            times.Add(run.Time);
            allocated += run.Allocated;
            progress?.Report(Math.Min(1, Stopwatch.GetElapsedTime(begin) / options.Duration));
        }
        return (times, allocated / times.Count);
    }

    private static List<OperatorTime> OperatorTimes(ProgramExecutable model, IReadOnlyList<Tensor> inputs, CancellationToken cancellation)
    {
        const int Runs = 5;
        var timer = new OperatorTimer(model.Method.Records);
        model.Method.Observer = timer;
        for (int i = 0; i < Runs; i++)
            Execute(model, inputs, cancellation);
        model.Method.Observer = null;
        double total = timer.Ticks.Values.Sum(t => t.Ticks);
        return [.. timer.Ticks.OrderByDescending(t => t.Value.Ticks).Select(t => new OperatorTime(t.Key, (double)t.Value.Calls / Runs, t.Value.Ticks * 1000.0 / Stopwatch.Frequency / Runs, t.Value.Ticks / total))];
    }

    private static double Milliseconds(long start) => Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private sealed class OperatorTimer(PteMethod method) : MethodObserver
    {
        public Dictionary<string, (long Ticks, int Calls)> Ticks { get; } = new(StringComparer.Ordinal);

        public override void OnInstruction(int chain, int index, PteInstruction instruction, long start, long end, ReadOnlySpan<EValue> values)
        {
            string name = instruction switch
            {
                PteInstruction.KernelCall call => method.Operators[call.OperatorIndex].Key,
                PteInstruction.DelegateCall call => $"{method.Delegates[call.DelegateIndex].Id} {call.DelegateIndex}",
                _ => instruction.GetType().Name,
            };
            var (ticks, calls) = Ticks.GetValueOrDefault(name);
            Ticks[name] = (ticks + end - start, calls + 1);
        }
    }
}
