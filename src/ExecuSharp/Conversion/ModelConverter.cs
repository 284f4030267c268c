using System.Diagnostics;
using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Sources;

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
        var context = new KernelContext(Kernels.Simd.SimdWidths.Preferred, pool);
        var paths = OutputPaths(model, source, output);
        RefuseExisting(paths.Values.Append(ManifestPath(model, paths)).OfType<string>(), options);
        using var files = new StagedFiles();
        var maker = new ProgramMaker(model.Name, options, context, files, progress, cancellation);
        var made = model.Graphs.SelectMany(g => maker.Make([(g.Program, g.Graph)], paths[g.Program])).ToList();
        string? manifest = WriteManifest(model, paths, made, source, options, files);
        files.Commit();
        return new ConversionReport(source, model.Name, model.SourceBytes, made, manifest, watch.Elapsed);
    }

    /// <summary>Converts several sources to one program with a method for each. Constants that are equal are stored once.</summary>
    /// <param name="methods">The methods; their names are unique.</param>
    /// <param name="output">Path of the <c>.pte</c>.</param>
    /// <param name="options">Options, the same for all.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Stops between steps; nothing is left half written.</param>
    /// <returns>A report with one entry for each method.</returns>
    /// <exception cref="ArgumentException">Two methods have one name.</exception>
    /// <exception cref="ModelFormatException">A source is missing or broken, or has no such program.</exception>
    /// <exception cref="UnsupportedModelException">One needs what is not supported; all of it is listed.</exception>
    /// <exception cref="SimilarityException">A method is not like its source; nothing was written.</exception>
    /// <exception cref="IOException">The output exists, and overwriting was not asked for.</exception>
    public static ConversionReport ConvertMethods(IReadOnlyList<MethodSource> methods, string output, ConvertOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new ConvertOptions();
        var watch = Stopwatch.StartNew();
        if (methods.GroupBy(m => m.Method).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"two methods are named {twice.Key}");
        RefuseExisting([output], options);
        using var pool = new Kernels.Threading.WorkerPool(Environment.ProcessorCount);
        var context = new KernelContext(Kernels.Simd.SimdWidths.Preferred, pool);
        var models = new Dictionary<string, ImportedModel>(StringComparer.Ordinal);
        try
        {
            var graphs = new List<(string, Graph)>();
            foreach (var method in methods)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report($"read {Path.GetFileName(method.Source)}");
                if (!models.TryGetValue(method.Source, out var model))
                    models.Add(method.Source, model = ModelImporter.Import(method.Source, options.Import));
                graphs.Add((method.Method, method.Find(model).Renamed(method.Method)));
            }
            string name = Path.GetFileNameWithoutExtension(output);
            using var files = new StagedFiles();
            var made = new ProgramMaker(name, options, context, files, progress, cancellation).Make(graphs, output);
            files.Commit();
            return new ConversionReport(string.Join(", ", models.Keys), name, models.Values.Sum(m => m.SourceBytes), made, null, watch.Elapsed);
        }
        finally
        {
            foreach (var model in models.Values)
                model.Dispose();
        }
    }


    private static void RefuseExisting(IEnumerable<string> paths, ConvertOptions options)
    {
        if (options.Overwrite)
            return;
        foreach (string path in paths.SelectMany(p => options.Compile.ExternalWeights && p.EndsWith(".pte", StringComparison.Ordinal) ? [p, ProgramMaker.DataPath(p)] : new[] { p }))
            if (File.Exists(path))
                throw new IOException($"{path} exists; use --overwrite to replace it");
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
