using System.Diagnostics;
using System.Security.Cryptography;
using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Compiler.Emission;
using ExecuSharp.Core;
using ExecuSharp.Formats.FlatTensor;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Runtime;
using ExecuSharp.Sources;
using ExecuSharp.Tensors;

namespace ExecuSharp.Conversion;

/// <summary>Any supported source to <c>.pte</c>: import, compile, re-open, run, compare with the source, write.</summary>
/// <example><code>
/// var report = ModelConverter.Convert("model.pt2", "model.pte", new ConvertOptions());
/// Console.WriteLine(report.LowestCosine);
/// </code></example>
public static class ModelConverter
{
    // OpenAI's and open_clip's name of CLIP's merges, and that of the Hugging Face hub.
    private static readonly string[] MergeFiles = ["bpe_*.txt.gz", "merges.txt"];

    /// <summary>Converts a file.</summary>
    /// <param name="source">Path of the source.</param>
    /// <param name="output">A <c>.pte</c> path, or a folder; null for the source's folder. A model of several programs makes NAME.PROGRAM.pte and NAME.json.</param>
    /// <param name="options">Options.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Stops between steps; nothing is left half written.</param>
    /// <exception cref="ModelFormatException">The source is missing or broken.</exception>
    /// <exception cref="UnsupportedModelException">It needs what is not supported; all of it is listed.</exception>
    /// <exception cref="SimilarityException">A program is not like its source; nothing was written.</exception>
    /// <exception cref="IOException">An output exists, and overwriting was not asked for.</exception>
    public static ConversionReport Convert(string source, string? output = null, ConvertOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new ConvertOptions();
        var watch = Stopwatch.StartNew();
        progress?.Report($"read {Path.GetFileName(source)}");
        using var model = ModelImporter.Import(source, options.Import);
        using var pool = new Kernels.Threading.WorkerPool(Environment.ProcessorCount);
        var context = new KernelContext(Kernels.Simd.SimdWidths.Best, pool);
        var paths = OutputPaths(model, source, output);
        foreach (string path in paths.Values.Append(ManifestPath(model, paths)).OfType<string>())
            if (File.Exists(path) && !options.Overwrite)
                throw new IOException($"{path} exists; use --overwrite to replace it");
        using var files = new StagedFiles();
        var made = new List<ProgramReport>();
        foreach (var (name, graph) in model.Graphs)
        {
            cancellation.ThrowIfCancellationRequested();
            made.Add(Make(model, name, graph, paths[name], options, context, files, progress, cancellation));
        }
        string? manifest = WriteManifest(model, paths, made, source, options, files);
        files.Commit();
        return new ConversionReport(source, model.Name, new FileInfo(source).Length, made, manifest, watch.Elapsed);
    }

    private static ProgramReport Make(ImportedModel model, string name, Graph graph, string path, ConvertOptions options, KernelContext context, StagedFiles files, IProgress<string>? progress, CancellationToken cancellation)
    {
        string label = name.Length == 0 ? model.Name : $"{model.Name} {name}";
        progress?.Report($"compile {label}");
        var report = Write(name, path, PteCompiler.Compile([graph], options.Compile, context), files, out string[] written);
        cancellation.ThrowIfCancellationRequested();
        progress?.Report($"compare {label} with its source");
        using var reference = new GraphExecutable(graph, context, "source");
        using (var result = new ProgramExecutable(Program.Load(written[0], null, written[1..]), null, Path.GetFileName(path)))
            report = report with { Comparison = Compare(reference, result, options, cancellation) };
        bool good = report.Comparison.Worst.Cosine >= options.MinSimilarity;
        if (options.Layers || !good)
        {
            progress?.Report($"compare {label} layer by layer");
            report = report with { Layers = LayerComparison.Run(graph, options.Compile, ModelComparison.RandomInputs(reference, 1, options.Seed).First(), context) };
        }
        return good ? report : throw new SimilarityException(label, report.Comparison, options.MinSimilarity, report.Layers);
    }

    // Random integers may be what a model refuses, such as a divisor of zero; ones are ExecuTorch's own default.
    private static ModelComparison Compare(GraphExecutable reference, ProgramExecutable result, ConvertOptions options, CancellationToken cancellation)
    {
        try
        {
            return ModelComparison.Run(reference, result, ModelComparison.RandomInputs(reference, options.Rounds, options.Seed), cancellation);
        }
        catch (ExecuTorchException) when (reference.Inputs.Any(i => !i.Type.IsFloating()))
        {
            return ModelComparison.Run(reference, result, [[.. reference.Inputs.Select(i => SampleInputs.Ones(i.Type, i.MaxSizes))]], cancellation);
        }
    }

    /// <summary>Writes the program and its external weights; they are compared before they get their names.</summary>
    private static ProgramReport Write(string name, string path, CompiledProgram program, StagedFiles files, out string[] written)
    {
        string temporary = files.Write(path, program.Write);
        written = program.ExternalWeights.Count == 0 ? [temporary] : [temporary, files.Write(Path.ChangeExtension(path, ".ptd"), stream => WriteWeights(program, stream))];
        using var bytes = File.OpenRead(temporary);
        return Report(name, path, bytes.Length, System.Convert.ToHexStringLower(SHA256.HashData(bytes)), program);
    }

    private static void WriteWeights(CompiledProgram program, Stream target) =>
        FlatTensorFile.Write([.. program.ExternalWeights.DistinctBy(t => t.Key).Select(t => (t.Key, t.Tensor.Type, t.Tensor.Sizes.ToArray(), t.Tensor.DimOrder.ToArray(), (ReadOnlyMemory<byte>)t.Tensor.Storage[..(int)t.Tensor.ByteLength]))], target);

    private static ProgramReport Report(string name, string path, long bytes, string sha256, CompiledProgram program)
    {
        var operators = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int delegates = 0;
        long planned = 0;
        foreach (var method in program.Image.Program.Methods)
        {
            delegates += method.Delegates.Count;
            planned += method.MemorySizes.Sum();
            foreach (var call in method.Chains.SelectMany(c => c.Instructions).OfType<PteInstruction.KernelCall>())
                operators[method.Operators[call.OperatorIndex].Key] = operators.GetValueOrDefault(method.Operators[call.OperatorIndex].Key) + 1;
        }
        return new ProgramReport(name, path, bytes, sha256, operators, delegates, program.DelegatedNodes, planned, new ModelComparison("", "", 0, []), [], program.Reasons);
    }

    private static Dictionary<string, string> OutputPaths(ImportedModel model, string source, string? output)
    {
        bool isFile = output is not null && output.EndsWith(".pte", StringComparison.OrdinalIgnoreCase);
        string folder = isFile ? Path.GetDirectoryName(Path.GetFullPath(output!))! : output ?? Path.GetDirectoryName(Path.GetFullPath(source))!;
        string stem = isFile ? Path.GetFileNameWithoutExtension(output!) : FileKinds.Stem(source);
        return model.Graphs.ToDictionary(g => g.Program, g => Path.Combine(folder, g.Program.Length == 0 ? stem + ".pte" : $"{stem}.{g.Program}.pte"));
    }

    private static string? ManifestPath(ImportedModel model, Dictionary<string, string> paths)
    {
        if (model.Manifest is null)
            return null;
        string first = paths.Values.First();
        string stem = Path.GetFileNameWithoutExtension(first);
        if (paths.Count > 1)
            stem = Path.GetFileNameWithoutExtension(stem);
        return Path.Combine(Path.GetDirectoryName(first)!, stem + ".json");
    }

    private static string? WriteManifest(ImportedModel model, Dictionary<string, string> paths, IEnumerable<ProgramReport> reports, string source, ConvertOptions options, StagedFiles files)
    {
        if (ManifestPath(model, paths) is not { } path)
            return null;
        var entries = reports.Select(r => new ProgramEntry(r.Name.Length == 0 ? model.Manifest!.Programs.FirstOrDefault()?.Name ?? "forward" : r.Name, Path.GetFileName(r.Path), r.Sha256));
        var manifest = model.Manifest! with { Programs = [.. entries], Source = Path.GetFileName(source), Text = WithMerges(model.Manifest!.Text, source, path, options, files) };
        files.Write(path, stream => stream.Write(manifest.ToJson()));
        return path;
    }

    // The tokenizer's merge file lies beside the checkpoint, or is given to classify later.
    private static TextInput? WithMerges(TextInput? text, string source, string manifest, ConvertOptions options, StagedFiles files)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(source))!, target = Path.GetDirectoryName(Path.GetFullPath(manifest))!;
        if (text is null || text.MergesFile is not null || MergeFiles.SelectMany(p => Directory.EnumerateFiles(folder, p).Order(StringComparer.Ordinal)).FirstOrDefault() is not { } merges)
            return text;
        string copy = Path.Combine(target, Path.GetFileName(merges));
        byte[] bytes = File.ReadAllBytes(merges);
        if (File.Exists(copy) && !options.Overwrite && !File.ReadAllBytes(copy).AsSpan().SequenceEqual(bytes))
            throw new IOException($"{copy} exists and is not {merges}; use --overwrite to replace it");
        if (folder != target)
            files.Write(copy, stream => stream.Write(bytes));
        return text with { MergesFile = Path.GetFileName(merges) };
    }
}
