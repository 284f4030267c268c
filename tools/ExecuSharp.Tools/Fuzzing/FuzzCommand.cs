using System.Collections.Concurrent;
using System.Diagnostics;

namespace ExecuSharp.Tools.Fuzzing;

/// <summary>Reads many damaged files of all formats. Mutation N is the same in every run.</summary>
internal static class FuzzCommand
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);
    private const int MostFailures = 20;

    /// <summary>Runs mutations <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1, on all formats or one; 1 if one fails.</summary>
    public static int Run(int count, int first, string? format)
    {
        var groups = FuzzSeed.Corpus().Where(s => format is null || s.Target.Format == format).GroupBy(s => s.Target).Select(g => g.ToArray()).ToArray();
        if (groups.Length == 0)
        {
            Console.Error.WriteLine($"no format {format}");
            return 2;
        }
        var failures = new ConcurrentBag<string>();
        var running = new ConcurrentDictionary<int, long>();
        var finished = new int[groups.Length];
        var refused = new int[groups.Length];
        var clock = Stopwatch.StartNew();
        using var watch = new Timer(_ => Watch(running, groups), null, TimeLimit, TimeSpan.FromSeconds(1));
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (i, state) =>
        {
            running[i] = Stopwatch.GetTimestamp();
            var seed = Seed(groups, i);
            var result = seed.Target.Try(seed.Bytes, new Random(i), seed.Inputs);
            if (result.Failure is { } failure)
            {
                failures.Add($"mutation {i} of {seed.Target.Format} {seed.Name}: {failure}");
                if (failures.Count >= MostFailures)
                    state.Stop();
            }
            running.TryRemove(i, out long _);
            Interlocked.Increment(ref finished[i % groups.Length]);
            if (result.Refused)
                Interlocked.Increment(ref refused[i % groups.Length]);
        });
        foreach (string failure in failures)
            Console.WriteLine(failure);
        Console.WriteLine($"{finished.Sum()} damaged files in {clock.Elapsed.TotalSeconds:F0} s: " + string.Join(", ", groups.Select((g, i) => $"{g[0].Target.Format} {finished[i]} ({refused[i]} refused)")));
        Console.WriteLine($"{failures.Count} failures");
        return failures.IsEmpty ? 0 : 1;
    }

    /// <summary>Writes the file of one mutation.</summary>
    public static int Save(int mutation, string format, string path)
    {
        var seed = Seed([[.. FuzzSeed.Corpus().Where(s => s.Target.Format == format)]], mutation);
        File.WriteAllBytes(path, Mutator.MutateFile(seed.Bytes, new Random(mutation)));
        Console.WriteLine($"{path}: {seed.Name}, damaged");
        return 0;
    }

    private static FuzzSeed Seed(FuzzSeed[][] groups, int mutation)
    {
        var group = groups[mutation % groups.Length];
        return group[mutation / groups.Length % group.Length];
    }

    private static void Watch(ConcurrentDictionary<int, long> running, FuzzSeed[][] groups)
    {
        foreach (var (mutation, start) in running)
            if (Stopwatch.GetElapsedTime(start) > TimeLimit)
            {
                Console.WriteLine($"mutation {mutation} of {Seed(groups, mutation).Target.Format} {Seed(groups, mutation).Name}: still running after {TimeLimit.TotalSeconds} s");
                Environment.Exit(1);
            }
    }
}
