using System.Collections.Concurrent;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Inspection;
using ExecuSharp.Kernels;
using ExecuSharp.Sources;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>
/// Every recorded model for every target release: the structure that the releases' runtimes were recorded to accept (the table of the set <c>versions</c>),
/// and inspection says that the release can run the file.
/// </summary>
public sealed class TargetTests
{
    [SharedTheory]
    [InlineData(CompileBackend.Portable)]
    [InlineData(CompileBackend.Xnnpack)]
    public void Programs_have_the_structure_that_their_target_takes(CompileBackend backend)
    {
        var problems = new ConcurrentBag<string>();
        string[] sources = [.. Directory.EnumerateFiles(SharedFolder.Get("conformance", "models"), "*.pt2", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.True(sources.Length >= 45, $"{sources.Length} models");
        Parallel.ForEach(sources, source =>
        {
            using var model = ModelImporter.Import(source);
            foreach (var target in ExecuTorchRelease.All)
            {
                string name = $"{Path.GetFileName(Path.GetDirectoryName(source))}/{Path.GetFileName(source)} {backend} for {target}";
                try
                {
                    var bytes = PteCompiler.Compile([model.Graphs[0].Graph], new CompileOptions { Backend = backend, Target = target }, KernelContext.SingleThreaded()).ToBytes();
                    foreach (string problem in Problems(PteReader.Read(new ByteSource(bytes)), target))
                        problems.Add($"{name}: {problem}");
                }
                catch (UnsupportedModelException e)
                {
                    // There is no other way to select by a mask.
                    if (!source.Contains("masked_select", StringComparison.Ordinal) || !e.Message.Contains("its kernel aten::masked_select.out exists since ExecuTorch 0.5, the target is 0.4", StringComparison.Ordinal))
                        problems.Add($"{name}: {e.Message}");
                }
            }
        });
        Assert.True(problems.IsEmpty, $"{problems.Count} problems\n{string.Join("\n", problems.Order(StringComparer.Ordinal).Take(60))}");
    }

    private static IEnumerable<string> Problems(PteProgram program, ExecuTorchRelease target)
    {
        if (program.Header?.Length != (target >= new ExecuTorchRelease(1, 0) ? 32 : 24))
            yield return $"a header of {program.Header?.Length} bytes";
        if (program.ConstantSegment is not { Offsets.Count: > 0 } segment || segment.Offsets[0] != 0)
            yield return "no constant segment that begins with offset 0";
        if (program.ConstantBuffer.Count > 1 || program.ConstantBuffer.Any(b => b.Length > 0))
            yield return "constants inside the FlatBuffer";
        if (target < new ExecuTorchRelease(0, 6) && program.NamedData.Count > 0)
            yield return $"{program.NamedData.Count} named data, which runtimes before 0.6 read as garbage";
        foreach (var d in program.Methods.SelectMany(m => m.Delegates))
            foreach (string problem in PayloadProblems(XnnPayload.Read(program.DelegateData(d)!.Value), target))
                yield return problem;
        var range = ProgramInspection.Of(program).Releases;
        if (!range.Releases.Contains(target))
            yield return $"inspection says {range}: {string.Join("; ", range.Limits)}";
    }

    private static IEnumerable<string> PayloadProblems(XnnPayload payload, ExecuTorchRelease target)
    {
        foreach (var node in payload.Graph.Nodes)
            if (Since(node.Type) is var since && since > target)
                yield return $"node {node.Type}, which exists since {since}";
        foreach (var value in payload.Graph.Values)
        {
            if (target >= new ExecuTorchRelease(0, 7))
                break;
            if (value.Quantization is XnnPerChannel { Scales.Length: 0 })
                yield return $"value {value.Id} has named scales";
            if (value.Quantization is XnnPerChannelGroup)
                yield return $"value {value.Id} has groups of four bits, which runtimes of 0.4 to 0.6 compute wrongly";
        }
    }

    private static ExecuTorchRelease Since(XnnNodeType type) => (int)type switch
    {
        37 => new(0, 4),
        38 or 39 or 40 => new(0, 6),
        41 or 42 or 43 or 44 => new(0, 7),
        45 or 46 or 47 => new(1, 1),
        _ => new(0, 3),
    };
}
