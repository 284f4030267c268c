using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Tests.Conformance.Operators;

public class OperatorCaseTests
{
    [SharedFact]
    public void EveryRecordedCaseAgreesAtEveryWidth()
    {
        string folder = SharedFolder.Get("conformance", "operators");
        var sets = Directory.EnumerateFiles(folder, "*.bpte").Order(StringComparer.Ordinal)
            .Select(f => new OperatorSet(File.ReadAllBytes(Path.ChangeExtension(f, ".json")), File.ReadAllBytes(f)))
            .Where(s => OperatorTable.Default.FindKernel(s.Name) is not null);
        Check(sets);
    }

    private static void Check(IEnumerable<OperatorSet> sets)
    {
        int run = 0;
        var failures = new List<string>();
        foreach (var set in sets)
        {
            foreach (var width in SimdWidths.Available)
            {
                failures.AddRange(set.Failures(width));
                run += set.Count;
            }
        }
        Assert.True(run > 0, "no case was run");
        Assert.True(failures.Count == 0, $"{failures.Count} of {run} cases differ:\n{string.Join('\n', failures.Take(400))}");
    }
}
