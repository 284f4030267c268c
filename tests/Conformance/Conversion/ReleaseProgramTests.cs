using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Import.Pt2;
using ExecuSharp.Kernels;
using ExecuSharp.Tests.Conformance.Pt2;
using ExecuSharp.Verification;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>The <c>.pt2</c> files of every PyTorch release that was recorded, as programs: PyTorch's outputs in our runtime and in the official one.</summary>
public sealed class ReleaseProgramTests
{
    // Eight-bit and four-bit programs are compared with the quantized graph, whose codes another order of sums moves (the set's README).
    private const double Relative = 1e-4, Absolute = 1e-5, QuantizedAbsolute = 2e-2;

    [SharedTheory]
    [InlineData(CompileBackend.Portable)]
    [InlineData(CompileBackend.Xnnpack)]
    public void Files_of_every_release_give_the_recorded_outputs(CompileBackend backend)
    {
        var failures = new List<string>();
        int count = 0;
        foreach (var (name, bundle, quantized) in Bundles(backend))
        {
            count++;
            var tolerance = quantized ? new Tolerance(QuantizedAbsolute, Relative) : new Tolerance(Absolute, Relative);
            failures.AddRange(BundleVerifier.Verify(bundle, name, new ExpectationFile(), null, tolerance).Where(c => c.Status != CaseStatus.Pass).Select(c => $"{name} case {c.Case}: {c.Message}"));
        }
        Assert.True(count >= 100, $"{count} files");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [JudgeTheory]
    [InlineData(CompileBackend.Portable)]
    [InlineData(CompileBackend.Xnnpack)]
    public void Files_of_every_release_give_the_recorded_outputs_in_the_official_runtime(CompileBackend backend)
    {
        string folder = Directory.CreateTempSubdirectory("execusharp-judge").FullName;
        foreach (var (name, bundle, quantized) in Bundles(backend))
        {
            string kind = Path.Combine(folder, quantized ? "quantized" : "float");
            Directory.CreateDirectory(kind);
            File.WriteAllBytes(Path.Combine(kind, name.Replace('/', '-') + ".bpte"), bundle.ToBytes());
        }
        var floats = Judge.Verify(Path.Combine(folder, "float"), Relative, Absolute);
        var codes = Judge.Verify(Path.Combine(folder, "quantized"), Relative, QuantizedAbsolute);
        Directory.Delete(folder, recursive: true);
        Assert.True(floats.Code == 0 && codes.Code == 0, floats.Text + codes.Text);
    }

    private static IEnumerable<(string Name, BundledProgramFile Bundle, bool Quantized)> Bundles(CompileBackend backend)
    {
        string versions = SharedFolder.Get("conformance", "versions");
        foreach (string file in Directory.GetFiles(Path.Combine(versions, "files"), "program.pt2", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string folder = Path.GetDirectoryName(file)!;
            using var inputs = SafeTensorsFile.Open(Path.Combine(versions, "inputs", Path.GetFileName(folder) + ".safetensors"));
            using var outputs = SafeTensorsFile.Open(Path.Combine(folder, "outputs.safetensors"));
            bool quantized = outputs.Names.Any(n => n.StartsWith("reference.", StringComparison.Ordinal));
            var graph = Pt2Importer.Import(file);
            var cases = new List<BundledCase>();
            for (int set = 0; inputs.Names.Contains($"{set}.0"); set++)
                cases.Add(new BundledCase(Pt2Runs.Bundled(inputs, $"{set}."), Pt2Runs.Bundled(outputs, $"{(quantized ? "reference" : "eager")}.{set}.")));
            var program = PteCompiler.Compile([graph], new CompileOptions { Backend = backend }, KernelContext.SingleThreaded());
            yield return (Path.GetRelativePath(Path.Combine(versions, "files"), folder), new BundledProgramFile(2, [new BundledSuite(graph.Name, cases)], program.ToBytes()), quantized);
        }
    }
}
