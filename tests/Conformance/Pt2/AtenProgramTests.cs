using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Tools.Operators;
using ExecuSharp.Verification;
using Xunit.Abstractions;

namespace ExecuSharp.Tests.Conformance.Pt2;

/// <summary>The samples of PyTorch's operator database as programs, portable and delegated: in our runtime and in the official one.</summary>
public sealed class AtenProgramTests(ITestOutputHelper log)
{
    private const double Relative = 1e-3, Absolute = 1e-4;

    // Those that docs/operators.md lists with their reasons.
    private static readonly IReadOnlyDictionary<string, string> Excused = RecordedCases.Read().NotConverted;

    private static bool IsExpected(Exception e) => e is UnsupportedModelException or ModelFormatException or ExecuTorchException or InvalidOperationException;

    [SharedTheory]
    [InlineData(CompileBackend.Portable)]
    [InlineData(CompileBackend.Xnnpack)]
    public void Programs_of_operator_samples_give_the_eager_outputs(CompileBackend backend)
    {
        var failures = new ConcurrentBag<string>();
        int count = 0;
        ForEach(SharedFolder.Get("conformance", "aten"), (zip, name) =>
        {
            Interlocked.Increment(ref count);
            try
            {
                var bundle = Bundle(zip, name, backend);
                foreach (var result in BundleVerifier.Verify(bundle, name, new ExpectationFile(), null, new Tolerance(Absolute, Relative)))
                    if (result.Status != CaseStatus.Pass)
                        failures.Add($"{name}: {result.Message}");
            }
            catch (Exception e) when (IsExpected(e))
            {
                failures.Add($"{name}: {e.Message}");
            }
        });
        log.WriteLine($"{backend}: {count - failures.Count} of {count}");
        var unexpected = failures.Where(f => !Excused.ContainsKey(f[..f.IndexOf(':', StringComparison.Ordinal)])).Order().ToList();
        Assert.True(count > 1000);
        Assert.True(unexpected.Count == 0, string.Join("\n", unexpected));
    }

    [JudgeTheory]
    [InlineData(CompileBackend.Portable)]
    [InlineData(CompileBackend.Xnnpack)]
    public void Programs_of_operator_samples_give_the_eager_outputs_in_the_official_runtime(CompileBackend backend)
    {
        string folder = Directory.CreateTempSubdirectory("execusharp-judge").FullName;
        ForEach(SharedFolder.Get("conformance", "aten"), (zip, name) =>
        {
            try
            {
                File.WriteAllBytes(Path.Combine(folder, name + ".bpte"), Bundle(zip, name, backend).ToBytes());
            }
            catch (Exception e) when (IsExpected(e) && Excused.ContainsKey(name))
            {
                // It stays without a file.
            }
        });
        var (_, output) = Judge.Verify(folder, Relative, Absolute);
        Directory.Delete(folder, recursive: true);
        string last = output.Split('\n').Last(l => l.Contains(" passed, ", StringComparison.Ordinal));
        log.WriteLine($"{backend}: {last}");
        var failed = output.Split('\n').Where(l => l.StartsWith("FAIL", StringComparison.Ordinal) && !Excused.Keys.Any(e => l.Contains($"{e}.bpte", StringComparison.Ordinal))).ToList();
        Assert.True(int.Parse(last.Split(' ')[0], CultureInfo.InvariantCulture) > 1000, output);
        Assert.True(failed.Count == 0, string.Join("\n", failed));
    }

    private static void ForEach(string folder, Action<ZipArchive, string> action)
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        var cases = index.RootElement.GetProperty("cases").EnumerateArray().Select(c => (Name: c.GetProperty("case").GetString()!, Zip: c.GetProperty("zip").GetString()!)).ToList();
        Parallel.ForEach(cases.GroupBy(c => c.Zip), new ParallelOptions { MaxDegreeOfParallelism = 2 }, group =>
        {
            using var zip = ZipFile.OpenRead(Path.Combine(folder, group.Key));
            foreach (var (name, _) in group)
                action(zip, name);
        });
    }

    private static BundledProgramFile Bundle(ZipArchive zip, string name, CompileBackend backend)
    {
        using var io = SafeTensorsFile.Parse(Corpus.Read(zip, name + ".safetensors"));
        var graph = Pt2Runs.Import(Corpus.Read(zip, name + ".pt2"));
        var program = PteCompiler.Compile([graph], new CompileOptions { Backend = backend }, KernelContext.SingleThreaded());
        var cases = new List<BundledCase>();
        for (int set = 0; set == 0 || io.Names.Any(n => n.StartsWith($"in.{set}.", StringComparison.Ordinal)); set++)
            cases.Add(new BundledCase(Pt2Runs.Bundled(io, $"in.{set}."), Pt2Runs.Bundled(io, $"out.{set}.")));
        return new BundledProgramFile(2, [new BundledSuite(graph.Name, cases)], program.ToBytes());
    }
}
