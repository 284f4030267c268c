using ExecuSharp.Core;
using ExecuSharp.Import.Onnx;
using ExecuSharp.Import.Pt2;
using ExecuSharp.Models;
using ExecuSharp.Models.Checkpoints;

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
        string name = Path.GetFileNameWithoutExtension(path);
        switch (kind)
        {
            case FileKind.Pt2:
                return new ImportedModel(path, kind, name, [("", Pt2Importer.Import(path, new Pt2ImportOptions { MethodName = options.MethodName }))], null, null);
            case FileKind.Onnx:
                var model = OnnxImporter.Import(path, new OnnxImportOptions { InputShapes = options.InputShapes, Dynamic = options.Dynamic, Freeze = options.Freeze, MethodName = options.MethodName });
                return new ImportedModel(path, kind, name, [("", model.Graph)], null, model);
            case FileKind.Checkpoint or FileKind.SafeTensors:
                return FromCheckpoint(path, kind, options);
            case FileKind.Pte or FileKind.BundledProgram:
                throw new ModelFormatException("the file", "a source model", "an ExecuTorch program, which is the result of a conversion", path);
            case FileKind.TorchScript:
                throw new UnsupportedModelException(path, [new UnsupportedItem("TorchScript", "the archive", "this version imports .pt2, .onnx, checkpoints and safetensors")]);
            default:
                throw FileKinds.Unknown(path);
        }
    }

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
