using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Graphs;

namespace ExecuSharp.Import.Onnx;

/// <summary>Translates ONNX models, opset 7 and later, to graphs of ATen operators.</summary>
public static class OnnxImporter
{
    /// <summary>The newest version of the standard operator set that is known.</summary>
    public const int NewestOpset = 28;

    /// <summary>The operators that can be imported, by domain and name.</summary>
    public static IReadOnlyList<OnnxOperatorInfo> Operators => [.. OnnxOperatorTable.Operators
        .Where(o => o.Refusal is null)
        .Select(o => new OnnxOperatorInfo(o.Domain, o.Name, [.. o.Versions]))
        .OrderBy(o => o.Domain, StringComparer.Ordinal).ThenBy(o => o.Name, StringComparer.Ordinal)];

    /// <summary>Imports a file; external data is read from its folder.</summary>
    /// <returns>The graph, and the mapped files that hold its weights; dispose them after the graph's last use.</returns>
    /// <exception cref="ModelFormatException">The file is missing, broken, or contradicts itself.</exception>
    /// <exception cref="UnsupportedModelException">Operators or forms of operators that are not supported, all at once.</exception>
    public static OnnxModel Import(string path, OnnxImportOptions? options = null)
    {
        var source = ByteSource.Open(path);
        var folder = new ExternalFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            return new OnnxModel(Import(source.Slice(0, source.Length, "model"), options, folder, path), source, folder);
        }
        catch
        {
            folder.Dispose();
            source.Dispose();
            throw;
        }
    }

    /// <summary>Imports a model in memory. The graph's constants are slices of it.</summary>
    /// <param name="bytes">The model.</param>
    /// <param name="options">What the model leaves open.</param>
    /// <param name="external">Where external data is; null refuses it.</param>
    /// <param name="name">The model's name, for messages.</param>
    /// <exception cref="ModelFormatException">The bytes are broken or contradict themselves.</exception>
    /// <exception cref="UnsupportedModelException">Operators or forms of operators that are not supported, all at once.</exception>
    public static Graph Import(ReadOnlyMemory<byte> bytes, OnnxImportOptions? options = null, IExternalFiles? external = null, string? name = null)
    {
        var model = OnnxReader.ReadModel(bytes, name);
        try
        {
            return new ModelImporter(model, options ?? new OnnxImportOptions(), external, name ?? "the model").Run();
        }
        catch (ModelFormatException e) when (name is not null)
        {
            throw e.In(name);
        }
    }
}
