using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Onnx;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Sources;

/// <summary>A source model as graphs. Dispose it after the graphs' last use: weights may be mapped from the file.</summary>
/// <param name="Source">Path of the source.</param>
/// <param name="Kind">What the source is.</param>
/// <param name="Name">Name of the model.</param>
/// <param name="Graphs">A graph for each program, by the program's name; a single one has an empty name.</param>
/// <param name="Manifest">What an app must know, for an architecture known by name; else null.</param>
/// <param name="Owner">Keeps the source's bytes.</param>
public sealed record ImportedModel(string Source, FileKind Kind, string Name, IReadOnlyList<(string Program, Graph Graph)> Graphs, ModelManifest? Manifest, IDisposable? Owner) : IDisposable
{
    /// <summary>Size of the source: the parts of an index of split weights and the external data of an ONNX model included.</summary>
    public long SourceBytes => new FileInfo(Source).Length + (Owner is OnnxModel onnx ? onnx.ExternalBytes : SplitBytes);

    private long SplitBytes => Source.EndsWith(SafeTensorsIndex.Extension, StringComparison.OrdinalIgnoreCase) ? SafeTensorsIndex.FilesOf(Source).Sum(f => new FileInfo(f).Length) : 0;

    /// <summary>Closes the source.</summary>
    public void Dispose() => Owner?.Dispose();
}
