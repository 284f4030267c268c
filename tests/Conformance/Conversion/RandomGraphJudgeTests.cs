using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Kernels;
using ExecuSharp.Tests.RandomGraphs;
using Xunit.Abstractions;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>Programs of graphs made by chance in the official runtime.</summary>
public sealed class RandomGraphJudgeTests(ITestOutputHelper log)
{
    private const int Count = 100;

    [JudgeFact]
    public void Programs_of_random_graphs_give_the_graphs_results_in_the_official_runtime()
    {
        string folder = Directory.CreateTempSubdirectory("execusharp-judge").FullName;
        var seeds = RandomGraph.Seeds(Count);
        foreach (int seed in seeds)
            foreach (var backend in new[] { CompileBackend.Portable, CompileBackend.Xnnpack })
                File.WriteAllBytes(Path.Combine(folder, $"{seed}-{backend}.bpte"), Bundle(RandomGraph.Make(seed), backend).ToBytes());
        var (code, text) = Judge.Run("verify", folder, "--rtol", "2e-4", "--atol", "2e-4", "--quiet", "--poison", "--time-limit", "300");
        Directory.Delete(folder, recursive: true);
        log.WriteLine(text.TrimEnd().Split('\n')[^1]);
        Assert.True(code == 0 && text.Contains($" passed, 0 failed, 0 skipped ({2 * seeds.Count} files", StringComparison.Ordinal), text);
    }

    private static BundledProgramFile Bundle(RandomGraph made, CompileBackend backend)
    {
        var context = KernelContext.SingleThreaded();
        using var reference = new GraphExecutable(made.Graph, context, "graph");
        var cases = made.Rounds.Select(inputs => new BundledCase(Values(inputs), Values(reference.Run(inputs)))).ToList();
        return new BundledProgramFile(2, [new BundledSuite(made.Graph.Name, cases)], PteCompiler.Compile([made.Graph], new CompileOptions { Backend = backend }, context).ToBytes());
    }

    internal static List<BundledValue> Values(IEnumerable<Tensor> tensors) =>
        [.. tensors.Select(t => new BundledValue.TensorValue(t.Type, t.Sizes.ToArray(), t.Bytes.ToArray(), t.DimOrder.ToArray()))];
}
