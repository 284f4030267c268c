namespace ExecuSharp.Formats.Onnx;

/// <summary>A model file (onnx.proto, ModelProto). Training information is skipped.</summary>
public sealed record ModelProto
{
    /// <summary>Version of the file format.</summary>
    public long IrVersion { get; init; }

    /// <summary>The tool that wrote it.</summary>
    public string ProducerName { get; init; } = "";

    /// <summary>Version of that tool.</summary>
    public string ProducerVersion { get; init; } = "";

    /// <summary>Operator set versions by domain; the standard domain is the empty text.</summary>
    public IReadOnlyList<(string Domain, long Version)> OpsetImports { get; init; } = [];

    /// <summary>The graph, or null if the file has none.</summary>
    public GraphProto? Graph { get; init; }

    /// <summary>Functions of the model.</summary>
    public IReadOnlyList<FunctionProto> Functions { get; init; } = [];

    /// <summary>Free text by key.</summary>
    public IReadOnlyList<(string Key, string Value)> Metadata { get; init; } = [];
}
