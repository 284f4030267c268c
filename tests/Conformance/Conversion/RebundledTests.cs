using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Kernels;
using ExecuSharp.Sources;
using ExecuSharp.Tests.Conformance.Pt2;
using ExecuSharp.Verification;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>
/// Every recorded <c>.pt2</c> converted, portable and delegated, put into the official bundle in place of the official program: the recorded cases must pass in
/// our runtime and in the official one.
/// </summary>
public sealed class RebundledTests
{
    // What the official portable and delegated programs of these models are apart, at most.
    private const double Relative = 1e-4, Absolute = 1e-4;

    [SharedTheory]
    [InlineData("1.5")]
    [InlineData("0.4")]
    public void Converted_models_pass_the_recorded_cases(string target)
    {
        var failures = new List<string>();
        foreach (var (name, bundle, tolerance) in Bundles(target))
            failures.AddRange(BundleVerifier.Verify(bundle, name, new ExpectationFile(), null, tolerance).Where(c => c.Status != CaseStatus.Pass).Select(c => $"{name} case {c.Case}: {c.Message}"));
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [JudgeTheory]
    [InlineData("1.5")]
    [InlineData("0.4")]
    public void Converted_models_pass_the_recorded_cases_in_the_official_runtime(string target)
    {
        string folder = Directory.CreateTempSubdirectory("execusharp-judge").FullName;
        var failures = new List<string>();
        foreach (var (name, bundle, tolerance) in Bundles(target))
        {
            string file = Path.Combine(folder, name.Replace(' ', '-') + ".bpte");
            File.WriteAllBytes(file, bundle.ToBytes());
            var (code, text) = Judge.Verify(file, tolerance.Relative, tolerance.Absolute);
            if (code != 0)
                failures.Add($"{name}: exit code {code}: {text}");
        }
        Directory.Delete(folder, recursive: true);
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private static IEnumerable<(string Name, BundledProgramFile Bundle, Tolerance Tolerance)> Bundles(string target)
    {
        Assert.True(ExecuTorchRelease.TryParse(target, out var release));
        foreach (string source in OfficialComparison.Sources())
        {
            // Selection by a mask has no kernel in 0.4.
            if (target == "0.4" && OfficialComparison.Name(source) is "masked_select" or "data_dependent")
                continue;
            using var model = ModelImporter.Import(source);
            string eager = Path.Combine(Path.GetDirectoryName(source)!, "io.safetensors");
            var programs = new[] { "portable", "xnnpack" }.ToDictionary(b => b, b => OfficialComparison.Program(source, b, ".bpte"));
            foreach (string backend in programs.Keys)
            {
                // Where the exporter made no such program, the other one has the same cases, or PyTorch's own outputs are taken.
                string? program = programs[backend] ?? programs.Values.FirstOrDefault(p => p is not null);
                if (program is null && !File.Exists(eager))
                    continue;
                var options = new CompileOptions { Backend = backend == "portable" ? CompileBackend.Portable : CompileBackend.Xnnpack, Target = release };
                var bytes = PteCompiler.Compile([model.Graphs[0].Graph], options, KernelContext.SingleThreaded()).ToBytes();
                var recorded = ExpectationFile.Beside(program ?? Path.Combine(Path.GetDirectoryName(source)!, "portable.bpte")).For("forward").Tolerance;
                var tolerance = new Tolerance(Math.Max(Absolute, recorded?.Absolute ?? 0), Math.Max(Relative, recorded?.Relative ?? 0));
                var bundle = program is null ? Eager(eager, model.Graphs[0].Graph.Name) : WithEagerIntegers(BundledProgramFile.Read(new ByteSource(File.ReadAllBytes(program))), eager);
                yield return ($"{OfficialComparison.Name(source)} {backend}", bundle with { Program = bytes }, tolerance);
            }
        }
    }

    private static BundledProgramFile Eager(string file, string method)
    {
        using var io = SafeTensorsFile.Open(file);
        var cases = new List<BundledCase>();
        for (int set = 0; io.Names.Any(n => n.StartsWith($"in.{set}.", StringComparison.Ordinal)); set++)
            cases.Add(new BundledCase(Pt2Runs.Bundled(io, $"in.{set}."), Pt2Runs.Bundled(io, $"out.{set}.")));
        return new BundledProgramFile(2, [new BundledSuite(method, cases)], ReadOnlyMemory<byte>.Empty);
    }

    // The official program of integer_ops takes the remainder's sign from the dividend; ours gives PyTorch's integers.
    private static BundledProgramFile WithEagerIntegers(BundledProgramFile bundle, string file)
    {
        if (!File.Exists(file))
            return bundle;
        using var eager = SafeTensorsFile.Open(file);
        return bundle with { Suites = [.. bundle.Suites.Select(s => s with { Cases = [.. s.Cases.Select((c, set) => c with { ExpectedOutputs = [.. c.ExpectedOutputs.Select((o, k) => Eager(eager, $"out.{set}.{k}", o))] })] })] };
    }

    private static BundledValue Eager(SafeTensorsFile file, string name, BundledValue official) =>
        official is BundledValue.TensorValue { Type: ScalarType.Long or ScalarType.Int } t && file.TryGet(name, out var found) && found.ToTensor() is var eager && eager.Type == t.Type && eager.Sizes.SequenceEqual(t.Sizes)
            ? t with { Data = eager.Bytes.ToArray() }
            : official;
}
