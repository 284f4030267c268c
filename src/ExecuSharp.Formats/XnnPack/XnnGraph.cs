namespace ExecuSharp.Formats.XnnPack;

/// <summary>A subgraph for XNNPACK (root table XNNGraph).</summary>
public sealed record XnnGraph
{
    /// <summary>Schema version text; not checked by runtimes.</summary>
    public string? Version { get; init; } = "0";

    /// <summary>Operations; a runtime sorts them.</summary>
    public IReadOnlyList<XnnNode> Nodes { get; init; } = [];

    /// <summary>Values, in any order.</summary>
    public IReadOnlyList<XnnValue> Values { get; init; } = [];

    /// <summary>Number of external ids; at most 4096.</summary>
    public uint NumExterns { get; init; }

    /// <summary>Ids of input values; informational.</summary>
    public uint[] InputIds { get; init; } = [];

    /// <summary>Ids of output values; informational.</summary>
    public uint[] OutputIds { get; init; } = [];

    /// <summary>Constants; entry 0 is reserved.</summary>
    public IReadOnlyList<XnnConstant> Constants { get; init; } = [];

    /// <summary>Deprecated, not used.</summary>
    public uint[] MemBufferSizes { get; init; } = [];

    /// <summary>True if both the vector of nodes and that of values are stored.</summary>
    public bool IsComplete { get; init; } = true;
}
