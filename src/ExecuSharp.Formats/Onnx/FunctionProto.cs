namespace ExecuSharp.Formats.Onnx;

/// <summary>An operator written with others (onnx.proto, FunctionProto).</summary>
public sealed record FunctionProto
{
    /// <summary>Domain.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Overload.</summary>
    public string Overload { get; init; } = "";

    /// <summary>Names of inputs.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Names of outputs.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Attributes without default.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>Attributes with default.</summary>
    public IReadOnlyList<AttributeProto> AttributeDefaults { get; init; } = [];

    /// <summary>Nodes.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; init; } = [];

    /// <summary>Operator set versions by domain.</summary>
    public IReadOnlyList<(string Domain, long Version)> OpsetImports { get; init; } = [];
}
