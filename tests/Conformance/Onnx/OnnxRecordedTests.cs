using System.Collections.Concurrent;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Runtime;
using Xunit.Abstractions;

namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>The recorded ONNX cases: import, execution by the runtime's kernels, comparison.</summary>
public sealed class OnnxRecordedTests(ITestOutputHelper output)
{
    private const double WantedNodes = 0.97;

    /// <summary>The cases in the repository all pass.</summary>
    [Fact]
    public void PackedCasesPass()
    {
        var files = Packed();
        var cases = OnnxCase.ReadIndex(files.Read("onnx.zip", "index.json"));
        Assert.True(cases.Length > 500, $"{cases.Length} cases");
        var failures = Run(cases, files);
        Print(cases, failures);
        Assert.Empty(failures.Select(f => $"{f.Key.Name}: {f.Value}"));
    }

    /// <summary>The packed cases as portable programs, written, read again and executed by the runtime.</summary>
    [Fact]
    public void PackedCasesPassAsPrograms()
    {
        var files = Packed();
        var cases = OnnxCase.ReadIndex(files.Read("onnx.zip", "index.json"));
        var failures = Run(cases, files, (graph, inputs) => RunAsProgram(graph, inputs, CompileBackend.Portable));
        Print(cases, failures);
        Assert.True(cases.Length - failures.Count >= WantedNodes * cases.Length, string.Join("\n", failures.Select(f => $"{f.Key.Name}: {f.Value}")));
    }

    /// <summary>Of the full set, exactly the cases that the document names do not pass, and enough node cases do.</summary>
    [SharedFact]
    public void OnlyDocumentedCasesFail()
    {
        var files = new OnnxArchives(zip => File.OpenRead(SharedFolder.Get("conformance", "onnx", zip)));
        var cases = OnnxCase.ReadIndex(File.ReadAllBytes(SharedFolder.Get("conformance", "onnx", "index.json")));
        var failures = Run(cases, files);
        Print(cases, failures);
        var documented = OnnxDocument.NotPassed();
        Assert.Empty(failures.Where(f => !documented.Contains(f.Key.Name)).Select(f => $"{f.Key.Name}: {f.Value}"));
        Assert.Empty(documented.Except(failures.Keys.Select(c => c.Name)));
        int nodes = cases.Count(c => c.IsNode);
        Assert.True(nodes - failures.Keys.Count(c => c.IsNode) >= WantedNodes * nodes);
        Assert.All(failures.Keys, c => Assert.True(c.IsNode, $"{c.Source}: {c.Name}"));
    }

    /// <summary>The full set as programs, written, read again and executed by the runtime: nothing fails that does not fail before.</summary>
    [SharedTheory]
    [InlineData(CompileBackend.Portable)]
    [InlineData(CompileBackend.Xnnpack)]
    public void OnlyDocumentedProgramsFail(CompileBackend backend)
    {
        var files = new OnnxArchives(zip => File.OpenRead(SharedFolder.Get("conformance", "onnx", zip)));
        var cases = OnnxCase.ReadIndex(File.ReadAllBytes(SharedFolder.Get("conformance", "onnx", "index.json")));
        var failures = Run(cases, files, (graph, inputs) => RunAsProgram(graph, inputs, backend));
        Print(cases, failures);
        var documented = OnnxDocument.NotPassed().Concat(OnnxDocument.DifferAsPrograms()).ToHashSet();
        Assert.Empty(failures.Where(f => !documented.Contains(f.Key.Name)).Select(f => $"{f.Key.Name}: {f.Value}"));
        Assert.True(cases.Count(c => c.IsNode && !failures.ContainsKey(c)) >= WantedNodes * cases.Count(c => c.IsNode));
    }

    /// <summary>Models with open sizes, imported once with the sizes left open, give the recorded outputs for every recorded size.</summary>
    [SharedFact]
    public void OpenSizesStayOpen()
    {
        var files = new OnnxArchives(zip => File.OpenRead(SharedFolder.Get("conformance", "onnx", zip)));
        var cases = OnnxCase.ReadIndex(File.ReadAllBytes(SharedFolder.Get("conformance", "onnx", "index.json")))
            .Where(c => c.Marks.Contains("dynamic-dims") && c.Inputs.All(i => !i.Type.Contains("seq("))).ToArray();
        Assert.True(cases.Length >= 20);
        Assert.Empty(cases.Select(c => (c.Name, Wrong: OnnxCaseRunner.RunDynamic(c, files, 64))).Where(r => r.Wrong is not null).Select(r => $"{r.Name}: {r.Wrong}"));
    }

    /// <summary>The document's table of operators is the importer's.</summary>
    [Fact]
    public void DocumentListsTheOperators() => Assert.Contains(OnnxDocument.OperatorTable(), File.ReadAllText(OnnxDocument.Path));

    /// <summary>The packed files.</summary>
    public static OnnxArchives Packed() => new(zip => File.OpenRead(Path.Combine(Corpus.Folder, zip)));

    private static EValue[] RunAsProgram(Graph graph, IReadOnlyList<Tensor> inputs, CompileBackend backend)
    {
        var compiled = PteCompiler.Compile([graph], new CompileOptions { Backend = backend }, KernelContext.SingleThreaded());
        using var program = Program.Load(compiled.ToBytes());
        using var method = program.LoadMethod();
        return [.. method.Execute([.. inputs.Select(EValue.Of)]).Select(v => v.Tag == Tag.Tensor ? EValue.Of(v.AsTensor().Clone()) : v)];
    }

    private static Dictionary<OnnxCase, string> Run(OnnxCase[] cases, OnnxArchives files, Func<Graph, IReadOnlyList<Tensor>, EValue[]>? execute = null)
    {
        var failures = new ConcurrentDictionary<OnnxCase, string>();
        Parallel.ForEach(cases, c =>
        {
            if (OnnxCaseRunner.Run(c, files, execute) is { } wrong)
                failures[c] = wrong;
        });
        return failures.ToDictionary();
    }

    /// <summary>Failures by operator, then the counts by source.</summary>
    private void Print(OnnxCase[] cases, Dictionary<OnnxCase, string> failures)
    {
        foreach (var group in failures.GroupBy(f => f.Key.Operator).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{group.Key}: {group.Count()} of {cases.Count(c => c.Operator == group.Key)}");
            foreach (var (c, wrong) in group.OrderBy(f => f.Key.Name, StringComparer.Ordinal))
                output.WriteLine($"  {c.Name} [{string.Join(", ", c.Marks)}]: {wrong}");
        }
        foreach (var source in cases.GroupBy(c => c.IsNode ? "node" : c.Source))
            output.WriteLine($"{source.Key}: {source.Count(c => !failures.ContainsKey(c))} of {source.Count()} passed");
    }
}
