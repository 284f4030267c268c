using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Graphs;

/// <summary>Applies rules to a fix-point and removes what nobody uses. Failures name the rule and the node.</summary>
public static class Rewriter
{
    private const int MaxRounds = 64;

    /// <summary>Applies the rules to every node, in graph order, until nothing changes.</summary>
    public static Graph Apply(Graph graph, params IReadOnlyList<IRewriteRule> rules)
    {
        for (int round = 0; round < MaxRounds; round++)
        {
            var next = Round(graph, rules, out bool changed);
            graph = next;
            if (!changed)
                return graph;
        }
        throw new InvalidOperationException($"the rules {string.Join(", ", rules.Select(r => r.Name))} do not come to an end on graph {graph.Name}");
    }

    /// <summary>Removes nodes whose outputs nobody uses, and constants that no node uses.</summary>
    public static Graph RemoveDeadCode(Graph graph)
    {
        var live = new HashSet<Value>(graph.Outputs.SelectMany(o => o.MutatedBuffer is null ? o.Result.Values() : o.Result.Values().Append(o.MutatedBuffer)));
        var kept = new List<Node>();
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (node.Operator.IsPure && !node.Outputs.Any(live.Contains))
                continue;
            kept.Add(node);
            live.UnionWith(node.Inputs);
        }
        kept.Reverse();
        var constants = graph.Constants.Where(c => live.Contains(c.Key)).ToDictionary(c => c.Key, c => c.Value);
        return new Graph(graph.Name, graph.Inputs, constants, kept, graph.Outputs) { InputTree = graph.InputTree, OutputTree = graph.OutputTree };
    }

    private static Graph Round(Graph graph, IReadOnlyList<IRewriteRule> rules, out bool changed)
    {
        var builder = new GraphBuilder(graph.Name) { InputTree = graph.InputTree, OutputTree = graph.OutputTree };
        foreach (var input in graph.Inputs)
            builder.AddInput(input);
        foreach (var (value, constant) in graph.Constants)
            builder.AddConstant(value, constant);
        foreach (var node in graph.Nodes)
            builder.Reserve(node);
        var replaced = new Dictionary<Value, Value>();
        var producers = new Dictionary<Value, Node>();
        var context = new RewriteContext(builder, producers, CountUses(graph));
        changed = false;
        Value Map(Value v) => replaced.GetValueOrDefault(v, v);
        foreach (var original in graph.Nodes)
        {
            var node = Remap(original, Map);
            int start = builder.Nodes.Count;
            if (TryRules(node, rules, context) is { } patch)
            {
                changed = true;
                for (int i = 0; i < node.Outputs.Count; i++)
                    if (patch.Replacements[i] is { } value)
                        replaced[node.Outputs[i]] = value;
            }
            else
            {
                builder.Truncate(start);
                builder.AddNode(node);
            }
            for (int i = start; i < builder.Nodes.Count; i++)
                foreach (var output in builder.Nodes[i].Outputs)
                    producers[output] = builder.Nodes[i];
        }
        foreach (var output in graph.Outputs)
            builder.AddOutput(output with { Result = output.Result.Map(Map) });
        return RemoveDeadCode(builder.Build());
    }

    private static Patch? TryRules(Node node, IReadOnlyList<IRewriteRule> rules, RewriteContext context)
    {
        foreach (var rule in rules)
        {
            int start = context.Builder.Nodes.Count;
            Patch? patch;
            try
            {
                patch = rule.Apply(node, context);
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
            {
                throw new InvalidOperationException($"rule {rule.Name} at node {node.Name} ({node.Op}): {e.Message}", e);
            }
            if (patch is null)
            {
                context.Builder.Truncate(start);
                continue;
            }
            Check(rule, node, patch);
            return patch;
        }
        return null;
    }

    private static void Check(IRewriteRule rule, Node node, Patch patch)
    {
        if (patch.Replacements.Length != node.Outputs.Count)
            throw new InvalidOperationException($"rule {rule.Name} at node {node.Name} ({node.Op}): {patch.Replacements.Length} values for {node.Outputs.Count} outputs");
        for (int i = 0; i < node.Outputs.Count; i++)
            if (patch.Replacements[i] is { } value && (value.Kind != node.Outputs[i].Kind
                || (value.Kind == ValueKind.Tensor && (value.Spec.Type != node.Outputs[i].Spec.Type || !value.Spec.MaxSizes.AsSpan().SequenceEqual(node.Outputs[i].Spec.MaxSizes)))))
                throw new InvalidOperationException($"rule {rule.Name} at node {node.Name} ({node.Op}): output {i} is {node.Outputs[i]}, the replacement {value}");
    }

    private static Node Remap(Node node, Func<Value, Value> map)
    {
        bool same = true;
        var args = new Argument[node.Args.Count];
        for (int i = 0; i < args.Length; i++)
        {
            args[i] = node.Args[i].Map(map);
            same &= ReferenceEquals(args[i], node.Args[i]);
        }
        return same ? node : new Node(node.Name, node.Operator, args, node.Outputs);
    }

    private static Dictionary<Value, int> CountUses(Graph graph)
    {
        var uses = new Dictionary<Value, int>();
        foreach (var value in graph.Nodes.SelectMany(n => n.Inputs.Distinct()).Concat(graph.Outputs.SelectMany(o => o.Result.Values())))
            uses[value] = uses.GetValueOrDefault(value) + 1;
        return uses;
    }
}
