using System.IO.Compression;
using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Tools.Operators;
using Xunit.Abstractions;

namespace ExecuSharp.Tests.Conformance.Pt2;

/// <summary>One small export for each sample of PyTorch's operator database.</summary>
public sealed class AtenTests(ITestOutputHelper log)
{
    [SharedFact]
    public void Every_operator_sample_gives_the_eager_outputs()
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Get("conformance", "aten", "index.json")));
        var cases = index.RootElement.GetProperty("cases").EnumerateArray()
            .Select(c => (Name: c.GetProperty("case").GetString()!, Zip: c.GetProperty("zip").GetString()!)).ToList();
        var failures = new List<string>();
        Parallel.ForEach(cases.GroupBy(c => c.Zip), new ParallelOptions { MaxDegreeOfParallelism = 2 }, group =>
        {
            using var zip = ZipFile.OpenRead(SharedFolder.Get("conformance", "aten", group.Key));
            foreach (var (name, _) in group)
                if (Run(zip, name) is { } failure)
                    lock (failures)
                        failures.Add($"{name}: {failure}");
        });
        log.WriteLine($"{cases.Count - failures.Count} of {cases.Count} ({100.0 * (cases.Count - failures.Count) / cases.Count:F1} %)");
        var documented = RecordedCases.Read();
        Assert.Equal(documented.Samples, cases.Count);
        Assert.Equal(documented.NotConverted.Keys.Order(StringComparer.Ordinal), failures.Select(f => f[..f.IndexOf(':', StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    internal static string? Run(ZipArchive zip, string name)
    {
        try
        {
            using var io = SafeTensorsFile.Parse(Corpus.Read(zip, name + ".safetensors"));
            return Pt2Runs.Check(Pt2Runs.Import(Corpus.Read(zip, name + ".pt2")), io, 1e-3, 1e-4);
        }
        catch (Exception e) when (e is UnsupportedModelException or ModelFormatException or ExecuTorchException or InvalidOperationException)
        {
            return e.Message;
        }
    }
}
