namespace ExecuSharp.Formats.XnnPack;

/// <summary>An operation of the graph.</summary>
public abstract record XnnNode(XnnNodeType Type)
{
    /// <summary>The node's number in the exporter's graph, for profiles.</summary>
    public uint DebugHandle { get; init; }

    /// <summary>Bounds of the result; null for none.</summary>
    public XnnRange? Range { get; init; }

    /// <summary>Ids of the values read; an absent optional one is <see cref="XnnValue.None"/>.</summary>
    public abstract IReadOnlyList<uint> Inputs { get; }

    /// <summary>Ids of the values written.</summary>
    public abstract IReadOnlyList<uint> Outputs { get; }
}
