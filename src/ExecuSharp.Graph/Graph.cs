using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Graphs;

/// <summary>
/// A method as a list of operator calls in an order in which they can be executed. Immutable: <see cref="GraphBuilder"/> makes graphs, passes make new ones.
/// </summary>
public sealed class Graph
{
    internal Graph(string name, IReadOnlyList<GraphInput> inputs, IReadOnlyDictionary<Value, GraphConstant> constants, IReadOnlyList<Node> nodes, IReadOnlyList<GraphOutput> outputs)
    {
        Name = name;
        Inputs = inputs;
        Constants = constants;
        Nodes = nodes;
        Outputs = outputs;
    }

    /// <summary>Name of the method.</summary>
    public string Name { get; }

    /// <summary>Inputs of the caller, in order.</summary>
    public IReadOnlyList<GraphInput> Inputs { get; }

    /// <summary>Constants and mutable buffers by value.</summary>
    public IReadOnlyDictionary<Value, GraphConstant> Constants { get; }

    /// <summary>Calls in execution order.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>Outputs for the caller, then new contents of mutable buffers.</summary>
    public IReadOnlyList<GraphOutput> Outputs { get; }

    /// <summary>Structure of the inputs and outputs as PyTorch's tree specification, where the source has it.</summary>
    public string? InputTree { get; init; }

    /// <summary>Structure of the outputs.</summary>
    public string? OutputTree { get; init; }

    /// <summary>The same graph as a method of another name.</summary>
    public Graph Renamed(string name) => new(name, Inputs, Constants, Nodes, Outputs) { InputTree = InputTree, OutputTree = OutputTree };

    /// <summary>The node that makes each value.</summary>
    public Dictionary<Value, Node> Producers()
    {
        var map = new Dictionary<Value, Node>();
        foreach (var node in Nodes)
            foreach (var output in node.Outputs)
                map.Add(output, node);
        return map;
    }

    /// <summary>The nodes that use each value, once for each node.</summary>
    public Dictionary<Value, List<Node>> Users()
    {
        var map = new Dictionary<Value, List<Node>>();
        foreach (var node in Nodes)
            foreach (var value in node.Inputs.Distinct())
            {
                if (!map.TryGetValue(value, out var list))
                    map.Add(value, list = []);
                list.Add(node);
            }
        return map;
    }

    /// <summary>The constant tensor behind a value, or null; a mutable buffer is none.</summary>
    public Tensor? ConstantOf(Value value) => Constants.TryGetValue(value, out var c) && !c.IsMutable ? c.Tensor : null;

    /// <summary>The graph as text, a node a line.</summary>
    public override string ToString() => string.Join("\n",
        [$"graph {Name}({string.Join(", ", Inputs)}):", .. Nodes.Select(n => "  " + n), $"  return {string.Join(", ", Outputs)}"]);
}
