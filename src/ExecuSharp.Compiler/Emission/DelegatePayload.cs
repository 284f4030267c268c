using ExecuSharp.Operators.Table;

namespace ExecuSharp.Compiler.Emission;

/// <summary>The payload of a delegate call in a graph: what a backend gets.</summary>
/// <param name="BackendId">Backend id: <c>XnnpackBackend</c>.</param>
/// <param name="Blob">The backend's bytes.</param>
/// <param name="NamedData">Weights by key, shared with other delegates of the program.</param>
/// <param name="Nodes">What is in it, for reports: operator and node name.</param>
public sealed record DelegatePayload(string BackendId, byte[] Blob, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> NamedData, IReadOnlyList<string> Nodes)
{
    /// <summary>The operator of a delegate call: a list of inputs and the payload.</summary>
    public static OperatorDefinition Operator { get; } = new("executorch_call::delegate(Tensor[] inputs, Tensor payload) -> Tensor[]");
}
