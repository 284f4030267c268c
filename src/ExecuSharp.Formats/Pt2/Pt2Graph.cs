namespace ExecuSharp.Formats.Pt2;

/// <summary>A graph: inputs, calls in order, outputs, and what is known about its values.</summary>
/// <param name="Inputs">Inputs in order.</param>
/// <param name="Outputs">Outputs in order.</param>
/// <param name="Nodes">Calls in the order of execution.</param>
/// <param name="TensorValues">Tensors by name.</param>
/// <param name="SymIntValues">Integers by name.</param>
/// <param name="SymFloatValues">Floats by name.</param>
/// <param name="SymBoolValues">Truth values by name.</param>
/// <param name="CustomObjects">Class names of objects, by name.</param>
/// <param name="ReturnsSingleTensor">Whether the one output is a tensor and not a tuple.</param>
public sealed record Pt2Graph(
    IReadOnlyList<Pt2Argument> Inputs,
    IReadOnlyList<Pt2Argument> Outputs,
    IReadOnlyList<Pt2Node> Nodes,
    IReadOnlyDictionary<string, Pt2TensorMeta> TensorValues,
    IReadOnlyDictionary<string, Pt2SymInt> SymIntValues,
    IReadOnlyDictionary<string, Pt2SymFloat> SymFloatValues,
    IReadOnlyDictionary<string, Pt2SymBool> SymBoolValues,
    IReadOnlyDictionary<string, string> CustomObjects,
    bool ReturnsSingleTensor);
