namespace ExecuSharp.Formats.Onnx;

/// <summary>A graph, or the body of a control-flow node (onnx.proto, GraphProto).</summary>
public sealed record GraphProto
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Nodes in file order, which is not always an order of execution.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; init; } = [];

    /// <summary>Weights.</summary>
    public IReadOnlyList<TensorProto> Initializers { get; init; } = [];

    /// <summary>Weights as values and positions.</summary>
    public IReadOnlyList<SparseTensorProto> SparseInitializers { get; init; } = [];

    /// <summary>Inputs; in IR version 3 the initializers are listed here too.</summary>
    public IReadOnlyList<ValueInfoProto> Inputs { get; init; } = [];

    /// <summary>Outputs.</summary>
    public IReadOnlyList<ValueInfoProto> Outputs { get; init; } = [];

    /// <summary>Types of values inside.</summary>
    public IReadOnlyList<ValueInfoProto> ValueInfos { get; init; } = [];
}
