using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>Who reads the values of a graph, found once for all its delegates.</summary>
internal sealed class ValueUses
{
    private readonly Dictionary<Value, int> counts = [];
    private readonly Dictionary<Value, List<Node>> users;

    public ValueUses(Graph graph, Dictionary<Value, List<Node>> users)
    {
        this.users = users;
        foreach (var value in graph.Nodes.SelectMany(n => n.Inputs).Concat(graph.Outputs.SelectMany(o => o.Result.Values())))
            counts[value] = counts.GetValueOrDefault(value) + 1;
    }

    /// <summary>How many calls and outputs of the graph use a value; a call that takes it twice counts twice.</summary>
    public int Count(Value value) => counts.GetValueOrDefault(value);

    /// <summary>True if a convolution reads the value.</summary>
    public bool FeedsConvolution(Value value) => users.TryGetValue(value, out var list) && list.Exists(n => n.Op == "aten::convolution" && n.Inputs.FirstOrDefault() == value);
}
