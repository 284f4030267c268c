using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Graphs.ControlFlow;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler;

/// <summary>What must hold of a graph between passes: values are made once and before they are used, and kinds and types fit.</summary>
internal static class GraphStage
{
    /// <exception cref="InvalidOperationException">The graph breaks the specification; the pass and the node are named.</exception>
    public static void Check(Graph graph, string pass)
    {
        var known = new HashSet<Value>(graph.Inputs.Select(i => i.Value).Concat(graph.Constants.Keys));
        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs)
                if (!known.Contains(input))
                    throw new InvalidOperationException($"after {pass}: node {node.Name} ({node.Op}) uses {input.Name} before it is made");
            foreach (var output in node.Outputs)
                if (!known.Add(output))
                    throw new InvalidOperationException($"after {pass}: {output.Name} is made twice, the second time by {node.Name}");
            foreach (var inner in SubGraphs.Of(node))
                CheckInner(inner, node, pass);
        }
        foreach (var value in graph.Outputs.SelectMany(o => o.Result.Values()))
            if (!known.Contains(value))
                throw new InvalidOperationException($"after {pass}: output {value.Name} is made nowhere");
        foreach (var (value, constant) in graph.Constants)
            if (!value.Spec.IsStatic || value.Spec.Type != constant.Tensor.Type || !value.Spec.MaxSizes.AsSpan().SequenceEqual(constant.Tensor.Sizes))
                throw new InvalidOperationException($"after {pass}: constant {value.Name} is {value.Spec}, its tensor {constant.Tensor}");
    }

    private static void CheckInner(Graph inner, Node node, string pass)
    {
        int operands = node.Args.Where(a => a.IsList).Sum(a => a.AsList().Count);
        if (inner.Inputs.Count != operands)
            throw new InvalidOperationException($"after {pass}: node {node.Name} ({node.Op}) gives {operands} operands, its graph {inner.Name} takes {inner.Inputs.Count}");
        Check(inner, pass);
    }
}
