using ExecuSharp.Graphs;

namespace ExecuSharp.Import.Onnx;

/// <summary>An imported model: its graph, whose weights lie in mapped files until this is disposed.</summary>
public sealed class OnnxModel : IDisposable
{
    private readonly IDisposable[] files;

    internal OnnxModel(Graph graph, params IDisposable[] files)
    {
        Graph = graph;
        this.files = files;
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(files, f => f.Dispose());
}
