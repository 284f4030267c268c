using System.Globalization;
using System.Text;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Kernels;
using ExecuSharp.Sources;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>What our program of a recorded model costs, beside the official exporter's.</summary>
internal sealed record OfficialComparison(string Model, string Backend, ProgramCost Ours, ProgramCost Official)
{
    /// <summary>Every recorded <c>.pt2</c> of a float model; of the set <c>versions</c> those of the newest release.</summary>
    public static IEnumerable<string> Sources() => new[] { "models", "perception-encoder", "seizure", "versions" }
        .SelectMany(set => Directory.EnumerateFiles(SharedFolder.Get("conformance", set), "*.pt2", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(s => set != "versions" || s.Contains($"{Path.DirectorySeparatorChar}1.5.1{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        .Where(s => !s.EndsWith("-int8.pt2", StringComparison.Ordinal));

    /// <summary>The official program of a source, or null.</summary>
    public static string? Program(string source, string backend, params string[] extensions)
    {
        string folder = Path.GetDirectoryName(source)!, stem = Path.GetFileNameWithoutExtension(source);
        string prefix = stem is "model" or "program" ? "" : stem + "_";
        return extensions.Select(e => Path.Combine(folder, prefix + backend + e)).FirstOrDefault(File.Exists);
    }

    /// <summary>Every recorded <c>.pt2</c> with the official programs beside it.</summary>
    public static IEnumerable<(string Source, string Backend, string Program)> Recorded() =>
        Sources().SelectMany(s => new[] { "portable", "xnnpack" }.Select(b => (s, b, Program(s, b, ".bpte", ".pte")!))).Where(r => r.Item3 is not null);

    /// <summary>Compiles one.</summary>
    public static OfficialComparison Of(string source, string backend, string program)
    {
        using var model = ModelImporter.Import(source);
        var options = new CompileOptions { Backend = backend == "portable" ? CompileBackend.Portable : CompileBackend.Xnnpack };
        var ours = PteCompiler.Compile([model.Graphs[0].Graph], options, KernelContext.SingleThreaded()).ToBytes();
        return new OfficialComparison(Name(source), backend, ProgramCost.Of(ours), ProgramCost.Of(Bytes(program)));
    }

    /// <summary>Columns in which ours is larger.</summary>
    public IEnumerable<string> Larger()
    {
        if (Ours.Calls > Official.Calls)
            yield return "kernel calls";
        if (Ours.Delegates > Official.Delegates)
            yield return "delegates";
        if (Ours.Planned > Official.Planned)
            yield return "planned bytes";
        if (Ours.Bytes > Official.Bytes)
            yield return "file size";
    }

    /// <summary>The row of the document.</summary>
    public string Row()
    {
        var text = new StringBuilder($"| {Model} | {Backend} |");
        foreach (var (ours, official) in new[] { (Ours.Calls, Official.Calls), (Ours.Delegates, Official.Delegates), (Ours.Planned, Official.Planned), (Ours.Bytes, Official.Bytes) })
            text.Append(CultureInfo.InvariantCulture, $" {ours:N0} | {official:N0} |");
        return text.ToString();
    }

    /// <summary>What a recorded model is called.</summary>
    public static string Name(string source)
    {
        string folder = Path.GetFileName(Path.GetDirectoryName(source)!), stem = Path.GetFileNameWithoutExtension(source);
        return stem is "model" or "program" ? folder : $"{folder} {stem}";
    }

    private static ReadOnlyMemory<byte> Bytes(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return BundledProgramFile.Matches(bytes) ? BundledProgramFile.Read(new ByteSource(bytes)).Program : bytes;
    }
}

/// <summary>Counts of a program.</summary>
internal sealed record ProgramCost(long Calls, long Delegates, long Planned, long Bytes)
{
    /// <summary>Counts a program's kernel calls, delegates, planned bytes and size.</summary>
    public static ProgramCost Of(ReadOnlyMemory<byte> program)
    {
        var methods = PteReader.Read(new ByteSource(program)).Methods;
        return new ProgramCost(
            methods.Sum(m => m.Chains.Sum(c => c.Instructions.Count(i => i is PteInstruction.KernelCall))),
            methods.Sum(m => m.Delegates.Count),
            methods.Sum(m => m.MemorySizes.Skip(1).Sum()),
            program.Length);
    }
}
