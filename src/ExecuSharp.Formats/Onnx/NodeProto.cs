namespace ExecuSharp.Formats.Onnx;

/// <summary>A call of an operator (onnx.proto, NodeProto).</summary>
public sealed record NodeProto
{
    /// <summary>Position in its graph, for messages.</summary>
    public int Index { get; init; }

    /// <summary>A label; need not be unique.</summary>
    public string Name { get; init; } = "";

    /// <summary>Operator.</summary>
    public string OpType { get; init; } = "";

    /// <summary>Domain of the operator; empty for the standard.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Overload of a function.</summary>
    public string Overload { get; init; } = "";

    /// <summary>Names of values; empty for a missing optional one.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Names of values; empty for one that nobody needs.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Attributes.</summary>
    public IReadOnlyList<AttributeProto> Attributes { get; init; } = [];
}
