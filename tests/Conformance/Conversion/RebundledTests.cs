using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Kernels;
using ExecuSharp.Sources;
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
        foreach (var (source, backend, program) in OfficialComparison.Recorded())
        {
            // Selection by a mask has no kernel in 0.4.
            if (!program.EndsWith(".bpte", StringComparison.Ordinal) || (target == "0.4" && OfficialComparison.Name(source) == "masked_select"))
                continue;
            using var official = ByteSource.Open(program);
            using var model = ModelImporter.Import(source);
            var options = new CompileOptions { Backend = backend == "portable" ? CompileBackend.Portable : CompileBackend.Xnnpack, Target = release };
            var bytes = PteCompiler.Compile([model.Graphs[0].Graph], options, KernelContext.SingleThreaded()).ToBytes();
            var recorded = ExpectationFile.Beside(program).For("forward").Tolerance;
            var tolerance = new Tolerance(Math.Max(Absolute, recorded?.Absolute ?? 0), Math.Max(Relative, recorded?.Relative ?? 0));
            var bundle = WithEagerIntegers(BundledProgramFile.Read(official), Path.Combine(Path.GetDirectoryName(source)!, "io.safetensors"));
            yield return ($"{OfficialComparison.Name(source)} {backend}", bundle with { Program = bytes }, tolerance);
        }
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
