using ExecuSharp.Compiler.Emission;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>
/// Moves what XNNPACK takes into as few delegates as possible. Each node gets a stage: the number of changes between delegated and not on the
/// longest way to it. All delegated nodes of one stage form one delegate; no way leads out of it and back.
/// </summary>
internal static class XnnPartitioner
{
    private const int SmallNodes = 3, SmallElements = 256;

    private static readonly HashSet<string> Products = new(StringComparer.Ordinal) { "aten::linear", "aten::addmm", "aten::mm", "aten::bmm", "aten::convolution" };

    /// <summary>Replaces what XNNPACK takes by delegate calls.</summary>
    /// <param name="graph">A graph of Core-ATen operators.</param>
    /// <param name="target">The release that must load the payloads.</param>
    /// <param name="isBody">True for a branch or the body of a loop: what is around it runs too, so that a small delegate is never all there is.</param>
    /// <param name="reasons">For each node that stays: why.</param>
    public static Graph Partition(Graph graph, ExecuTorchRelease target, bool isBody, out IReadOnlyDictionary<string, string> reasons)
    {
        var users = graph.Users();
        var quantized = new QuantizedValues(graph, target, users);
        var check = new XnnCheck(graph, target, users, quantized);
        var why = new Dictionary<string, string>(StringComparer.Ordinal);
        var delegated = new HashSet<Node>();
        foreach (var node in graph.Nodes)
        {
            if (check.Refusal(node) is { } reason)
                why[node.Name] = reason;
            else
                delegated.Add(node);
        }
        var stages = Stages(graph, delegated, quantized);
        Prune(graph, delegated, stages, users, isBody, why);
        stages = Stages(graph, delegated, quantized);
        Sink(graph, delegated, stages, users);
        var result = Rebuild(graph, delegated, stages, target, quantized, new ValueUses(graph, users));
        var left = result.Nodes.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        reasons = why.Where(w => left.Contains(w.Key)).ToDictionary(StringComparer.Ordinal);
        return result;
    }

    // A delegate whose results are needed only later joins the next one.
    private static void Sink(Graph graph, HashSet<Node> delegated, Dictionary<Node, int> stages, Dictionary<Value, List<Node>> users)
    {
        foreach (int stage in delegated.Select(n => stages[n]).Distinct().Order().ToList())
        {
            var group = graph.Nodes.Where(n => delegated.Contains(n) && stages[n] == stage).ToHashSet();
            int latest = int.MaxValue;
            foreach (var user in group.SelectMany(n => n.Outputs).SelectMany(o => users.GetValueOrDefault(o) ?? []).Where(u => !group.Contains(u)))
                latest = Math.Min(latest, delegated.Contains(user) ? stages[user] : stages[user] - 1);
            var later = delegated.Select(n => stages[n]).Where(s => s > stage && s <= latest).ToList();
            if (later.Count == 0)
                continue;
            int next = later.Min();
            foreach (var node in group)
                stages[node] = next;
        }
    }

    private static Dictionary<Node, int> Stages(Graph graph, HashSet<Node> delegated, QuantizedValues quantized)
    {
        var producers = graph.Producers();
        var stages = new Dictionary<Node, int>();
        foreach (var node in graph.Nodes)
        {
            int stage = 0;
            foreach (var value in delegated.Contains(node) ? quantized.Needs(node) : node.Inputs)
                if (producers.TryGetValue(value, out var producer))
                    stage = Math.Max(stage, stages[producer] + (delegated.Contains(producer) == delegated.Contains(node) ? 0 : 1));
            stages.Add(node, stage);
        }
        return stages;
    }

    // A delegate that only moves data costs more than it saves; so do moves at its edges, which are free outside.
    private static void Prune(Graph graph, HashSet<Node> delegated, Dictionary<Node, int> stages, Dictionary<Value, List<Node>> users, bool isBody, Dictionary<string, string> why)
    {
        var producers = graph.Producers();
        bool IsMove(Node n) => XnnRules.Table[n.Op].IsMove;
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (var node in graph.Nodes.Where(n => delegated.Contains(n) && IsView(n)).ToList())
            {
                bool first = node.Inputs.All(v => !producers.TryGetValue(v, out var p) || !delegated.Contains(p));
                bool last = node.Outputs.All(o => !users.TryGetValue(o, out var list) || !list.Exists(delegated.Contains));
                if (first || last)
                {
                    delegated.Remove(node);
                    why[node.Name] = "a view at the edge of a delegate costs nothing outside";
                    changed = true;
                }
            }
        }
        var groups = graph.Nodes.Where(delegated.Contains).GroupBy(n => stages[n]).ToList();
        foreach (var group in groups)
        {
            string? reason = group.All(IsMove) ? "a delegate that only moves data is not worth its boundary"
                : (isBody || groups.Count > 1) && group.Count() <= SmallNodes && group.All(IsSmall) ? "so little work is not worth a delegate of its own" : null;
            if (reason is not null)
                foreach (var node in group)
                {
                    delegated.Remove(node);
                    why[node.Name] = reason;
                }
        }
    }

    private static bool IsSmall(Node node) =>
        !Products.Contains(node.Op) && node.Outputs.All(o => o.Spec.MaxNumel <= SmallElements) && node.Inputs.All(i => i.Spec.MaxNumel <= SmallElements);

    private static bool IsView(Node node) => node.Op is "aten::view_copy" or "aten::unsqueeze_copy" or "aten::squeeze_copy.dim" or "aten::squeeze_copy.dims" or "aten::clone" or "aten::alias_copy" or "aten::expand_copy"
        && node.Output.Spec.IsStatic;

    private static Graph Rebuild(Graph graph, HashSet<Node> delegated, Dictionary<Node, int> stages, ExecuTorchRelease target, QuantizedValues quantized, ValueUses uses)
    {
        var builder = new GraphBuilder(graph.Name) { InputTree = graph.InputTree, OutputTree = graph.OutputTree };
        foreach (var input in graph.Inputs)
            builder.AddInput(input);
        foreach (var (value, constant) in graph.Constants)
            builder.AddConstant(value, constant);
        int count = graph.Nodes.Count == 0 ? 0 : stages.Values.Max() + 1;
        for (int stage = 0; stage < count; stage++)
        {
            foreach (var node in graph.Nodes.Where(n => stages[n] == stage && !delegated.Contains(n)))
                builder.AddNode(node);
            var members = graph.Nodes.Where(n => stages[n] == stage && delegated.Contains(n)).ToList();
            if (members.Count > 0)
                builder.AddNode(Lower(graph, members, target, quantized, uses));
        }
        foreach (var output in graph.Outputs)
        {
            if (output.MutatedBuffer is { } buffer)
                builder.Mutate(buffer, output.Result.AsValue());
            else
                builder.Output(output.Result, output.Name);
        }
        return Rewriter.RemoveDeadCode(builder.Build());
    }

    private static Node Lower(Graph graph, List<Node> members, ExecuTorchRelease target, QuantizedValues quantized, ValueUses uses)
    {
        var inside = members.SelectMany(m => m.Outputs).ToHashSet();
        var memberSet = members.ToHashSet();
        var inputs = members.SelectMany(quantized.Needs).Distinct().Where(v => !inside.Contains(v)).ToList();
        var escaping = graph.Nodes.Where(n => !memberSet.Contains(n)).SelectMany(n => n.Inputs).Concat(graph.Outputs.SelectMany(o => o.Result.Values())).ToHashSet();
        var outputs = members.SelectMany(m => m.Outputs).Where(escaping.Contains).ToList();
        var builder = new XnnBuilder(graph, target, uses, quantized);
        foreach (var input in inputs)
            builder.AddInput(input);
        foreach (var member in members)
        {
            builder.Begin(member);
            XnnQuantizedCalls.Lower(member, memberSet, builder);
        }
        var blob = builder.Build(outputs);
        var payload = new DelegatePayload("XnnpackBackend", blob, builder.NamedData, builder.Names);
        return new Node(members[0].Name, DelegatePayload.Operator, [inputs.ToArray(), Argument.OfObject(payload)], outputs);
    }
}
