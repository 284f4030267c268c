using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Tests.Conformance.Operators;

public class OperatorCaseTests
{
    [Fact]
    public void EveryRecordedCaseAgreesAtEveryWidth()
    {
        int run = 0;
        var failures = new List<string>();
        foreach (var set in Sets())
        {
            Dictionary<string, byte[]>? first = null;
            foreach (var width in SimdWidths.Available)
            {
                var results = new Dictionary<string, byte[]>();
                failures.AddRange(set.Failures(width, results));
                if (ToleranceKinds.IsElementwise(set.Name))
                    failures.AddRange(OtherBits(set.Name, width, first ??= results, results));
                run += set.Count;
            }
        }
        Assert.True(run > 0, "no case was run");
        Assert.True(failures.Count == 0, $"{failures.Count} of {run} cases differ:\n{string.Join('\n', failures.Take(200))}");
    }

    /// <summary>Cases whose outputs are not the bits that the narrowest width gives.</summary>
    private static IEnumerable<string> OtherBits(string name, SimdWidth width, Dictionary<string, byte[]> first, Dictionary<string, byte[]> results) =>
        results.Where(r => !first[r.Key].AsSpan().SequenceEqual(r.Value)).Select(r => $"{name} {r.Key} [{width}]: other bits than at {SimdWidth.Scalar}");

    private static IEnumerable<OperatorSet> Sets()
    {
        using var archive = Corpus.Open("operators.zip");
        foreach (var entry in archive.Entries.Where(e => e.Name.EndsWith(".bpte", StringComparison.Ordinal)).OrderBy(e => e.Name, StringComparer.Ordinal))
            yield return new OperatorSet(Corpus.Read(archive, Path.ChangeExtension(entry.Name, ".json")), Corpus.Read(archive, entry.Name));
    }
}
