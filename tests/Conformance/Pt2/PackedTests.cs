using System.Text.Json;
using ExecuSharp.Formats.SafeTensors;

namespace ExecuSharp.Tests.Conformance.Pt2;

/// <summary>The part of the recorded programs that the repository carries.</summary>
public sealed class PackedTests
{
    [Fact]
    public void Models_give_the_eager_outputs()
    {
        var failures = new List<string>();
        using var zip = Corpus.Open("pt2.zip");
        string[] models = [.. zip.Entries.Where(e => e.FullName.StartsWith("models/", StringComparison.Ordinal) && e.Name == "model.pt2").Select(e => e.FullName[..^"model.pt2".Length])];
        foreach (string model in models)
            ModelTests.Check(failures, model, () =>
            {
                using var tolerance = JsonDocument.Parse(Corpus.Read(zip, model + "tolerance.json"));
                using var io = SafeTensorsFile.Parse(Corpus.Read(zip, model + "io.safetensors"));
                return Pt2Runs.Check(Pt2Runs.Import(Corpus.Read(zip, model + "model.pt2")), io,
                    tolerance.RootElement.GetProperty("rtol").GetDouble(), tolerance.RootElement.GetProperty("atol").GetDouble());
            });
        Assert.Equal(24, models.Length);
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [Fact]
    public void Programs_of_old_releases_give_the_eager_outputs()
    {
        var failures = new List<string>();
        using var zip = Corpus.Open("pt2.zip");
        string[] programs = [.. zip.Entries.Where(e => e.Name == "program.pt2").Select(e => e.FullName[..^"program.pt2".Length])];
        foreach (string program in programs)
            ModelTests.Check(failures, program, () =>
            {
                using var inputs = SafeTensorsFile.Parse(Corpus.Read(zip, $"versions/inputs/{program.TrimEnd('/').Split('/')[^1]}.safetensors"));
                using var outputs = SafeTensorsFile.Parse(Corpus.Read(zip, program + "outputs.safetensors"));
                return ModelTests.Release(Pt2Runs.Import(Corpus.Read(zip, program + "program.pt2")), inputs, outputs);
            });
        Assert.Equal(12, programs.Length);
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [Fact]
    public void A_sample_of_each_operator_gives_the_eager_outputs()
    {
        using var zip = Corpus.Open("pt2.zip");
        string[] cases = [.. zip.Entries.Where(e => e.FullName.StartsWith("aten/", StringComparison.Ordinal) && e.Name.EndsWith(".pt2", StringComparison.Ordinal)).Select(e => e.FullName[..^4])];
        var failures = cases.Select(c => (Case: c, Failure: AtenTests.Run(zip, c))).Where(f => f.Failure is not null).Select(f => $"{f.Case}: {f.Failure}").ToList();
        Assert.Equal(375, cases.Length);
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }
}
