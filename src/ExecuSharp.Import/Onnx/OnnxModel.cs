using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Graphs;

namespace ExecuSharp.Import.Onnx;

/// <summary>An imported model: its graph, whose weights lie in mapped files until this is disposed.</summary>
public sealed class OnnxModel : IDisposable
{
    private readonly ByteSource source;
    private readonly ExternalFolder folder;

    internal OnnxModel(Graph graph, ByteSource source, ExternalFolder folder)
    {
        Graph = graph;
        this.source = source;
        this.folder = folder;
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>Bytes of the files of external data.</summary>
    public long ExternalBytes => folder.Length;

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        folder.Dispose();
    }
}
