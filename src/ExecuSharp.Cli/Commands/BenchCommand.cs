using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExecuSharp.Benchmarking;
using ExecuSharp.Cli.Output;
using ExecuSharp.Core;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>bench</c>: load, first run and steady state of programs.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var models = new Argument<string[]>("MODEL") { Description = ".pte or .bpte files.", Arity = ArgumentArity.OneOrMore };
        var threads = new Option<int>("--threads") { Description = "Threads; 0 for one per core." };
        var duration = new Option<double>("--duration") { Description = "Seconds of measured runs.", DefaultValueFactory = _ => 3 };
        var fps = new Option<double?>("--fps") { Description = "Frames a second that 95 of 100 runs must hold." };
        var ops = new Option<bool>("--ops") { Description = "Time per operator." };
        var method = new Option<string?>("--method") { Description = "Method; default forward, or the only one." };
        var baseline = new Option<string?>("--baseline") { Description = "An earlier result of bench --format json: prints ratios to it." };
        var command = new Command("bench", "Measure load, first run and latency. Example: execusharp bench model.pte --fps 30 --ops") { models, threads, duration, fps, ops, method, baseline };
        return CommonOptions.Attach(command, (result, reporter, cancellation) =>
        {
            var options = new BenchmarkOptions
            {
                Threads = result.GetValue(threads),
                Duration = TimeSpan.FromSeconds(result.GetValue(duration)),
                Operators = result.GetValue(ops),
                Method = result.GetValue(method),
            };
            var results = new List<BenchmarkResult>();
            foreach (string model in result.GetValue(models)!)
            {
                reporter.Report($"measure {model}");
                results.Add(Measure(model, options, cancellation));
            }
            double? rate = result.GetValue(fps);
            var before = result.GetValue(baseline) is { } file ? Baseline(file) : [];
            reporter.Result("bench", new JsonObject { ["results"] = JsonText.Array(results, r => Json(r, rate, before)) }, r => Write(r, results, rate, before));
            return rate is { } wanted && results.Exists(r => !r.Holds(wanted)) ? ExitCodes.CheckFailed : ExitCodes.Done;
        });
    }

    private static BenchmarkResult Measure(string model, BenchmarkOptions options, CancellationToken cancellation)
    {
        try
        {
            return ProgramBenchmark.Run(model, options, null, cancellation);
        }
        catch (ExecuTorchException e)
        {
            throw new ExecuTorchException(e.Code, $"{model}: {e.Detail}", e);
        }
    }

    private static JsonObject Json(BenchmarkResult r, double? fps, Dictionary<string, double> before) => new()
    {
        ["model"] = r.Model,
        ["method"] = r.Method,
        ["bytes"] = r.FileBytes,
        ["threads"] = r.Threads,
        ["width"] = r.Width,
        ["programLoadMs"] = r.ProgramLoad,
        ["methodLoadMs"] = r.MethodLoad,
        ["firstRunMs"] = r.FirstRun,
        ["runs"] = r.Latency.Count,
        ["meanMs"] = r.Latency.Mean,
        ["minMs"] = r.Latency.Min,
        ["p50Ms"] = r.Latency.P50,
        ["p90Ms"] = r.Latency.P90,
        ["p95Ms"] = r.Latency.P95,
        ["p99Ms"] = r.Latency.P99,
        ["maxMs"] = r.Latency.Max,
        ["framesPerSecond"] = r.FramesPerSecond,
        ["holdsFps"] = fps is { } wanted ? r.Holds(wanted) : null,
        ["allocatedPerRun"] = r.AllocatedPerRun,
        ["peakMemoryBytes"] = r.PeakMemory,
        ["ratioToBaseline"] = before.TryGetValue(Path.GetFileName(r.Model), out double p50) ? r.Latency.P50 / p50 : null,
        ["operators"] = JsonText.Array(r.Operators, o => new JsonObject { ["name"] = o.Name, ["calls"] = o.Calls, ["ms"] = o.Milliseconds, ["share"] = o.Share }),
    };

    private static void Write(Reporter reporter, List<BenchmarkResult> results, double? fps, Dictionary<string, double> before)
    {
        foreach (var r in results)
        {
            Columns.Text(reporter, $"{r.Model}: {Units.Bytes(r.FileBytes)}, {Units.Count(r.Threads, "thread")}, vectors of {r.Width} bits");
            Columns.Text(reporter, $"load {Units.Milliseconds(r.ProgramLoad)} + {Units.Milliseconds(r.MethodLoad)}, first run {Units.Milliseconds(r.FirstRun)}, peak memory {Units.Bytes(r.PeakMemory)}, {r.AllocatedPerRun} B allocated a run", 2);
        }
        reporter.Table(["model, times in ms", "runs", "mean", "min", "p50", "p90", "p95", "p99", "max", "fps"], results.Select(r => new[]
        {
            Path.GetFileName(r.Model), Units.Text($"{r.Latency.Count}"), Units.Time(r.Latency.Mean), Units.Time(r.Latency.Min), Units.Time(r.Latency.P50),
            Units.Time(r.Latency.P90), Units.Time(r.Latency.P95), Units.Time(r.Latency.P99), Units.Time(r.Latency.Max), Units.Text($"{r.FramesPerSecond:F1}"),
        }));
        foreach (var r in results)
        {
            if (r.Operators.Count > 0)
                reporter.Table([$"operators of {Path.GetFileName(r.Model)}", "calls", "time", "share"], r.Operators.Select(o => new[] { o.Name, Units.Text($"{o.Calls:F0}"), Units.Milliseconds(o.Milliseconds), Units.Percent(o.Share) }));
            if (fps is { } wanted)
                reporter.Line($"{Path.GetFileName(r.Model)}: {(r.Holds(wanted) ? "holds" : "does not hold")} {wanted} frames a second (p95 {Units.Milliseconds(r.Latency.P95)}, a frame has {Units.Milliseconds(1000 / wanted)})");
            if (before.TryGetValue(Path.GetFileName(r.Model), out double p50))
                reporter.Line(Units.Text($"{Path.GetFileName(r.Model)}: {r.Latency.P50 / p50:F2} of the baseline's time (p50)"));
        }
    }

    private static Dictionary<string, double> Baseline(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.GetProperty("results").EnumerateArray()
                .ToDictionary(r => Path.GetFileName(r.GetProperty("model").GetString()!), r => r.GetProperty("p50Ms").GetDouble(), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new ModelFormatException("the baseline", "a result of bench --format json", e.Message, path, e);
        }
    }
}
