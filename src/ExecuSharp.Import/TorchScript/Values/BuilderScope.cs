using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript.Values;

/// <summary>A graph under construction: the method, or a branch that takes values of the graph around it as operands.</summary>
internal sealed class BuilderScope(GraphBuilder graph, bool isRoot)
{
    private readonly HashSet<Value> own = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Value> carried = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Value, Value> captured = new(ReferenceEqualityComparer.Instance);

    public GraphBuilder Graph => graph;

    /// <summary>Values of the graph around it that are used here, in the order of the operands.</summary>
    public List<Value> Operands { get; } = [];

    public void Own(IEnumerable<Value> values)
    {
        if (!isRoot)
            own.UnionWith(values);
    }

    /// <summary>Takes the operands so far as tensors of its own, such as those that a loop carries.</summary>
    public void OwnOperands() => carried.UnionWith(Operands);

    /// <summary>True if the content of a tensor was made here.</summary>
    public bool MayWrite(Value content) => isRoot || own.Contains(content) || carried.Contains(content);

    /// <summary>The value that stands for a value inside this graph.</summary>
    public Value Import(Value value)
    {
        if (isRoot || own.Contains(value))
            return value;
        if (captured.TryGetValue(value, out var inner))
            return inner;
        if (value.Kind != ValueKind.Tensor)
            throw new InvalidOperationException("a number known only at run time cannot be used in a branch");
        inner = graph.Input(value.Name, value.Spec);
        captured.Add(value, inner);
        Operands.Add(value);
        return inner;
    }
}
