using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Emission;

/// <summary>
/// Finds calls that only name the same bytes anew: reshapes and copies of planned, static tensors in contiguous order. They share memory with
/// their source and need no instruction.
/// </summary>
internal sealed class ViewAliases
{
    private static readonly HashSet<string> ViewOperators = new(StringComparer.Ordinal)
    {
        "aten::view_copy", "aten::unsqueeze_copy", "aten::squeeze_copy.dim", "aten::squeeze_copy.dims", "aten::alias_copy", "aten::detach_copy",
        "aten::lift_fresh_copy", "aten::clone", "aten::expand_copy", "aten::_to_copy", "dim_order_ops::_clone_dim_order", "dim_order_ops::_to_dim_order_copy",
    };

    private readonly Dictionary<Value, Value> source = new();
    private readonly HashSet<Node> elided = [];
    private readonly HashSet<Value> state = [];

    /// <summary>Looks at a method.</summary>
    public void AddMethod(Graph graph)
    {
        state.UnionWith(graph.Outputs.Where(o => o.MutatedBuffer is not null).Select(o => o.MutatedBuffer!).Concat(graph.Constants.Where(c => c.Value.IsMutable).Select(c => c.Key)));
        var inputs = graph.Inputs.Select(i => i.Value).ToHashSet();
        var outputs = graph.Outputs.SelectMany(o => o.Result.Values()).ToHashSet();
        foreach (var node in graph.Nodes)
        {
            if (!IsView(node))
                continue;
            // An output of the method needs memory of its own if its source is an input or another output.
            Value to = node.Output, root = Root(node.Args[0].AsValue());
            if (outputs.Contains(to) && (inputs.Contains(root) || outputs.Contains(root) || graph.Constants.ContainsKey(root)))
                continue;
            if (outputs.Contains(to))
                outputs.Add(root);
            Elide(node);
        }
    }

    /// <summary>Looks at a graph inside a control-flow node, whose inputs are bound. Its results get memory of their own.</summary>
    public void AddInner(Graph graph)
    {
        var outputs = graph.Outputs.SelectMany(o => o.Result.Values()).ToHashSet();
        foreach (var node in graph.Nodes)
            if (IsView(node) && !outputs.Contains(node.Output))
                Elide(node);
    }

    /// <summary>Lets a value use the memory of another one.</summary>
    public void Bind(Value value, Value memory) => source.Add(value, memory);

    /// <summary>True if the call needs no instruction.</summary>
    public bool IsElided(Node node) => elided.Contains(node);

    /// <summary>The value whose memory a value uses.</summary>
    public Value Root(Value value)
    {
        while (source.TryGetValue(value, out var from))
            value = from;
        return value;
    }

    private bool IsView(Node node) =>
        ViewOperators.Contains(node.Op) && node.Outputs.Count == 1 && node.Args[0].IsValue && !state.Contains(Root(node.Args[0].AsValue())) && CanShare(node.Args[0].AsValue(), node.Output);

    private void Elide(Node node)
    {
        source.Add(node.Output, node.Args[0].AsValue());
        elided.Add(node);
    }

    private static bool CanShare(Value from, Value to) =>
        from.Kind == ValueKind.Tensor && from.Spec.Type == to.Spec.Type && from.Spec.IsStatic && to.Spec.IsStatic
        && from.Spec.MaxNumel == to.Spec.MaxNumel && IsContiguous(from) && IsContiguous(to);

    private static bool IsContiguous(Value value)
    {
        for (int i = 0; i < value.Spec.DimOrder.Length; i++)
            if (value.Spec.DimOrder[i] != i)
                return false;
        return true;
    }
}
