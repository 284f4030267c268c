using System.Collections.Concurrent;
using System.Diagnostics;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using Xunit.Abstractions;

namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>Imported ONNX cases as programs in the official runtime.</summary>
public sealed class OnnxJudgeTests(ITestOutputHelper output)
{
    private const int Sample = 300;

    /// <summary>A sample of the recorded cases gives the recorded outputs there; planned memory starts as garbage.</summary>
    [JudgeTheory]
    [InlineData(CompileBackend.Portable)]
    [InlineData(CompileBackend.Xnnpack)]
    public void SampleRunsInTheOfficialRuntime(CompileBackend backend)
    {
        var files = OnnxRecordedTests.Packed();
        var all = OnnxCase.ReadIndex(files.Read("onnx.zip", "index.json"));
        var cases = Enumerable.Range(0, Sample).Select(i => all[i * all.Length / Sample]).ToArray();
        string folder = Directory.CreateTempSubdirectory("onnx-judge-").FullName;
        var failures = new ConcurrentDictionary<string, string>();
        try
        {
            Parallel.For(0, cases.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            {
                string own = Path.Combine(folder, $"{i}");
                Directory.CreateDirectory(own);
                if (OnnxCaseRunner.Run(cases[i], files, (graph, inputs) => Judge(own, graph, inputs, backend)) is { } wrong)
                    failures[cases[i].Name] = wrong;
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        foreach (var (name, wrong) in failures.OrderBy(f => f.Key, StringComparer.Ordinal))
            output.WriteLine($"{name}: {wrong}");
        Assert.True(failures.Count <= Sample * 3 / 100, string.Join("\n", failures));
    }

    private static EValue[] Judge(string folder, Graph graph, IReadOnlyList<Tensor> inputs, CompileBackend backend)
    {
        string program = Path.Combine(folder, "m.pte"), given = Path.Combine(folder, "in.safetensors"), results = Path.Combine(folder, "out.safetensors");
        File.WriteAllBytes(program, PteCompiler.Compile([graph], new CompileOptions { Backend = backend }, KernelContext.SingleThreaded()).ToBytes());
        SafeTensorsWriter.Write(given, inputs.Select((t, i) => KeyValuePair.Create($"in.{i}", t)));
        File.Delete(results);
        using var process = Process.Start(new ProcessStartInfo(SharedFolder.Judge!, ["run", program, "--inputs", given, "--outputs", results, "--quiet", "--threads", "1", "--poison"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new ExecuTorchException(ErrorCode.Internal, errors.Result);
        using var file = SafeTensorsFile.Parse(File.ReadAllBytes(results));
        var tensors = new List<EValue>();
        for (int i = 0; file.TryGet($"out.{i}", out var stored); i++)
            tensors.Add(EValue.Of(stored.ToTensor()));
        return [.. tensors];
    }
}
