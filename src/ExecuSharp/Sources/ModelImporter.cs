using System.Globalization;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Import.Onnx;
using ExecuSharp.Import.Pt2;
using ExecuSharp.Import.TorchScript;
using ExecuSharp.Models;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Sources;

/// <summary>Reads any supported source as graphs of ATen operators.</summary>
public static class ModelImporter
{
    /// <summary>Imports a file.</summary>
    /// <exception cref="ModelFormatException">The file is missing or broken.</exception>
    /// <exception cref="UnsupportedModelException">It needs what is not supported; all of it is listed.</exception>
    public static ImportedModel Import(string path, ImportOptions? options = null)
    {
        options ??= new ImportOptions();
        var kind = FileKinds.Detect(path);
        string name = FileKinds.Stem(path);
        switch (kind)
        {
            case FileKind.Pt2:
                return new ImportedModel(path, kind, name, [("", Pt2Importer.Import(path, new Pt2ImportOptions { MethodName = options.MethodName }))], null, null);
            case FileKind.Onnx:
                var model = OnnxImporter.Import(path, new OnnxImportOptions { InputShapes = ByName(path, options.InputShapes), Dynamic = options.Dynamic, Freeze = options.Freeze, MethodName = options.MethodName });
                return new ImportedModel(path, kind, name, [("", model.Graph)], null, model);
            case FileKind.Checkpoint or FileKind.SafeTensors:
                return FromCheckpoint(path, kind, options);
            case FileKind.Pte or FileKind.BundledProgram:
                throw new ModelFormatException("the file", "a source model", "an ExecuTorch program, which is the result of a conversion", path);
            case FileKind.TorchScript:
                var script = TorchScriptImporter.Import(path, new TorchScriptImportOptions { MethodName = options.MethodName, InputShapes = Specs(options), Scalars = Scalars(options) });
                return new ImportedModel(path, kind, name, [("", script)], null, null);
            default:
                throw FileKinds.Unknown(path);
        }
    }

    // Sizes may be given by position; ONNX knows its inputs by name.
    private static Dictionary<string, IReadOnlyList<long>> ByName(string path, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes)
    {
        if (!shapes.Keys.Any(k => int.TryParse(k, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return shapes.ToDictionary(s => s.Key, s => s.Value);
        using var source = ByteSource.Open(path);
        if (OnnxReader.ReadModel(source.Slice(0, source.Length, "model"), path).Graph is not { } graph)
            throw new ModelFormatException("the model", "a graph", "none", path);
        var weights = graph.Initializers.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        var names = graph.Inputs.Select(i => i.Name).Where(n => !weights.Contains(n)).ToList();
        return shapes.ToDictionary(s => !names.Contains(s.Key) && int.TryParse(s.Key, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < names.Count ? names[i] : s.Key, s => s.Value);
    }

    private static List<TensorSpec>? Specs(ImportOptions options)
    {
        var specs = new List<TensorSpec>();
        for (int i = 0; options.InputShapes.TryGetValue(i.ToString(CultureInfo.InvariantCulture), out var sizes); i++)
            specs.Add(TensorSpec.Of(options.InputTypes.GetValueOrDefault(i.ToString(CultureInfo.InvariantCulture), ScalarType.Float), [.. sizes.Select(s => checked((int)s))]));
        return specs.Count == 0 ? null : specs;
    }

    private static Dictionary<string, Argument> Scalars(ImportOptions options) =>
        options.Freeze.Where(f => f.Value.Rank == 0).ToDictionary(f => f.Key, f => f.Value switch
        {
            { Type: ScalarType.Bool } t => t.Span<bool>()[0],
            { Type: ScalarType.Long } t => t.Span<long>()[0],
            { Type: ScalarType.Int } t => t.Span<int>()[0],
            { Type: ScalarType.Double } t => t.Span<double>()[0],
            { Type: ScalarType.Float } t => (Argument)t.Span<float>()[0],
            var t => throw new ArgumentException($"the number {f.Key} is of {t.Type.Name()}; bool, int64, int32, float64 and float32 become numbers"),
        }, StringComparer.Ordinal);

    private static ImportedModel FromCheckpoint(string path, FileKind kind, ImportOptions options)
    {
        var checkpoint = Checkpoint.Open(path);
        try
        {
            var detected = ModelRegistry.Default.Detect(checkpoint, options.ModelName);
            var built = detected.Build(BuildOptions(options));
            var graphs = built.Programs.Select(p => (built.Programs.Count == 1 ? "" : p.Name, p.Graph)).ToList();
            return new ImportedModel(path, kind, built.Name, graphs, built.Manifest, checkpoint);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    private static ModelBuildOptions BuildOptions(ImportOptions options)
    {
        var sizes = options.InputShapes.Values.FirstOrDefault(s => s.Count >= 3);
        return sizes switch
        {
            { Count: 4 } => new ModelBuildOptions { Batch = (int)sizes[0], ImageHeight = (int)sizes[2], ImageWidth = (int)sizes[3] },
            { Count: 3 } => new ModelBuildOptions { Batch = (int)sizes[0], InputLength = (int)sizes[2] },
            _ => new ModelBuildOptions(),
        };
    }
}
