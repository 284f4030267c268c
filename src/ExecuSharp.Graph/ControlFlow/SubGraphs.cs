using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Graphs.ControlFlow;

/// <summary>The graphs inside the control-flow nodes of a graph.</summary>
public static class SubGraphs
{
    /// <summary>True for a node of <see cref="HigherOrderOperators"/>.</summary>
    public static bool IsControlFlow(Node node) => Of(node).Any();

    /// <summary>The graphs of a node, in the order of its arguments.</summary>
    public static IEnumerable<Graph> Of(Node node) => node.Args.Select(a => a.Payload).OfType<Graph>();

    /// <summary>The graph and all graphs inside it, at any depth.</summary>
    public static IEnumerable<Graph> WithInner(Graph graph) => graph.Nodes.SelectMany(Of).SelectMany(WithInner).Prepend(graph);

    /// <summary>The graph with each graph of its nodes replaced; inner graphs of these are left to <paramref name="change"/>.</summary>
    public static Graph Map(Graph graph, Func<Graph, Graph> change)
    {
        if (!graph.Nodes.Any(IsControlFlow))
            return graph;
        var nodes = graph.Nodes.Select(n => IsControlFlow(n) ? WithArguments(n, n.Args.Select(a => a.Payload is Graph inner ? Argument.OfObject(change(inner)) : a)) : n).ToList();
        return new Graph(graph.Name, graph.Inputs, graph.Constants, nodes, graph.Outputs) { InputTree = graph.InputTree, OutputTree = graph.OutputTree };
    }

    /// <summary>The graph with constant operands of its control-flow nodes moved into the inner graphs, where passes and delegates see them.</summary>
    public static Graph SinkConstants(Graph graph)
    {
        if (!graph.Nodes.Any(IsControlFlow))
            return graph;
        var nodes = graph.Nodes.Select(n => IsControlFlow(n) ? Sink(n, graph) : n).ToList();
        return Rewriter.RemoveDeadCode(new Graph(graph.Name, graph.Inputs, graph.Constants, nodes, graph.Outputs) { InputTree = graph.InputTree, OutputTree = graph.OutputTree });
    }

    /// <summary>A copy with values of its own, so that one graph can stand in a program twice.</summary>
    public static Graph Copy(Graph graph)
    {
        var builder = new GraphBuilder(graph.Name);
        var map = new Dictionary<Value, Value>();
        foreach (var input in graph.Inputs)
            builder.AddInput(input with { Value = map[input.Value] = New(builder, input.Value) });
        CopyInto(builder, graph, map);
        foreach (var output in graph.Outputs)
            builder.AddOutput(output with { Result = output.Result.Map(v => map[v]) });
        return builder.Build();
    }

    /// <summary>Adds the constants and nodes of a graph to another one.</summary>
    /// <param name="builder">The other one.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="map">What stands for each input; gets what stands for every other value.</param>
    public static void CopyInto(GraphBuilder builder, Graph graph, Dictionary<Value, Value> map)
    {
        foreach (var (value, constant) in graph.Constants)
            builder.AddConstant(map[value] = New(builder, value), constant);
        foreach (var node in graph.Nodes)
            builder.Add(node.Operator, [.. node.Args.Select(a => a.Map(v => map[v]))], [.. node.Outputs.Select(o => map[o] = New(builder, o))]);
    }

    private static Value New(GraphBuilder builder, Value value) =>
        value.Kind == ValueKind.Tensor ? builder.NewValue(value.Name, value.Spec) : builder.NewValue(value.Name, value.Kind, value.Size);

    private static Node Sink(Node node, Graph graph)
    {
        // The last list holds what is only read: the operands of a condition, the additional values of a loop.
        int last = node.Args.Count - 1;
        var operands = node.Args[last].AsList();
        int first = node.Args.Take(last).Where(a => a.IsList).Sum(a => a.AsList().Count);
        GraphConstant? ConstantOf(Argument a) => a.IsValue && graph.Constants.TryGetValue(a.AsValue(), out var c) && !c.IsMutable ? c : null;
        var known = operands.Select(ConstantOf).ToList();
        if (known.TrueForAll(c => c is null))
            return node;
        Graph Own(Graph inner)
        {
            var constants = new Dictionary<Value, GraphConstant>(inner.Constants);
            for (int i = 0; i < known.Count; i++)
                if (known[i] is { } constant)
                    constants[inner.Inputs[first + i].Value] = constant;
            return new Graph(inner.Name, [.. inner.Inputs.Where(input => !constants.ContainsKey(input.Value))], constants, inner.Nodes, inner.Outputs);
        }
        Argument[] args = [.. node.Args.Take(last).Select(a => a.Payload is Graph inner ? Argument.OfObject(Own(inner)) : a), operands.Where(o => ConstantOf(o) is null).ToArray()];
        return WithArguments(node, args);
    }

    private static Node WithArguments(Node node, IEnumerable<Argument> args) => new(node.Name, node.Operator, [.. args], node.Outputs);
}
