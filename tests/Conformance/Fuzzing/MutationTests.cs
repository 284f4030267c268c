using System.Collections.Concurrent;
using ExecuSharp.Tools.Fuzzing;

namespace ExecuSharp.Tests.Conformance.Fuzzing;

/// <summary>Damaged files of every format give nothing but a format error or a clear run error, in bounded memory. Seeded, so a failure repeats.</summary>
public sealed class MutationTests
{
    public static TheoryData<string, int> Formats() => new()
    {
        { "pte", 20_000 }, { "bpte", 2_000 }, { "ptd", 1_000 }, { "safetensors", 2_000 }, { "npz", 1_000 }, { "pt2", 2_000 }, { "pickle", 1_000 },
        { "checkpoint", 2_000 }, { "torchscript", 2_000 }, { "onnx", 2_000 }, { "picture", 2_000 }, { "y4m", 300 }, { "etdump", 1_000 },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Damaged_files_are_refused_or_read(string format, int mutations)
    {
        var seeds = Seeds.Value[format].ToList();
        var failures = new ConcurrentBag<string>();
        int refused = 0;
        Parallel.For(0, mutations, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var seed = seeds[i % seeds.Count];
            var result = seed.Target.Try(seed.Bytes, new Random(i), seed.Inputs);
            if (result.Failure is { } failure)
                failures.Add($"mutation {i} of {seed.Name}: {failure}");
            if (result.Refused)
                Interlocked.Increment(ref refused);
        });
        Assert.Empty(failures);
        Assert.InRange(refused, mutations / 10, mutations - (mutations / 50));
    }

    [Fact]
    public void Every_format_of_the_corpus_is_tested() => Assert.Equal(Seeds.Value.Select(s => s.Key).Order(StringComparer.Ordinal), Formats().Select(f => (string)f[0]).Order(StringComparer.Ordinal));

    private static readonly Lazy<ILookup<string, FuzzSeed>> Seeds = new(() => FuzzSeed.Corpus().ToLookup(s => s.Target.Format));
}
