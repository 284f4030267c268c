using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;

namespace ExecuSharp.Import.Onnx;

/// <summary>The nodes that outputs need, each after those it uses; in file order where that is one.</summary>
internal static class NodeOrder
{
    public static List<NodeProto> Of(IReadOnlyList<NodeProto> nodes, IEnumerable<string> outputs, string place)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Count; i++)
            foreach (string output in nodes[i].Outputs)
                if (output.Length > 0 && !producers.TryAdd(output, i))
                    throw new ModelFormatException($"{place}node[{i}]", "a name that no other node writes", $"output \"{output}\" of node[{producers[output]}] again");
        var needs = new int[nodes.Count][];
        var live = new bool[nodes.Count];
        var pending = new Stack<int>();
        void Want(string name)
        {
            if (producers.TryGetValue(name, out int index) && !live[index])
            {
                live[index] = true;
                pending.Push(index);
            }
        }
        foreach (string output in outputs)
            Want(output);
        while (pending.TryPop(out int node))
        {
            needs[node] = [.. Uses(nodes[node]).Where(producers.ContainsKey).Select(n => producers[n]).Distinct()];
            foreach (int need in needs[node])
                if (!live[need])
                {
                    live[need] = true;
                    pending.Push(need);
                }
        }
        return Sort(nodes, live, needs, place);
    }

    private static List<NodeProto> Sort(IReadOnlyList<NodeProto> nodes, bool[] live, int[][] needs, string place)
    {
        var order = new List<NodeProto>();
        var state = new byte[nodes.Count];
        var path = new Stack<(int Node, int Next)>();
        for (int root = 0; root < nodes.Count; root++)
        {
            if (!live[root] || state[root] != 0)
                continue;
            path.Push((root, 0));
            state[root] = 1;
            while (path.TryPop(out var at))
            {
                if (at.Next == needs[at.Node].Length)
                {
                    state[at.Node] = 2;
                    order.Add(nodes[at.Node]);
                    continue;
                }
                path.Push((at.Node, at.Next + 1));
                int need = needs[at.Node][at.Next];
                if (state[need] == 1)
                    throw new ModelFormatException($"{place}node[{at.Node}]", "a graph without cycles", $"node[{need}], which depends on it");
                if (state[need] == 0)
                {
                    state[need] = 1;
                    path.Push((need, 0));
                }
            }
        }
        return order;
    }

    /// <summary>All names that a node reads, also inside its sub-graphs.</summary>
    private static IEnumerable<string> Uses(NodeProto node)
    {
        foreach (string input in node.Inputs)
            yield return input;
        foreach (var attribute in node.Attributes)
            foreach (var graph in attribute.Graph is null ? attribute.Graphs : [attribute.Graph])
                foreach (string name in graph.Nodes.SelectMany(Uses).Concat(graph.Outputs.Select(o => o.Name)))
                    yield return name;
    }
}
