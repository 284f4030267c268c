using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Graphs.ControlFlow;

namespace ExecuSharp.Compiler.Emission;

/// <summary>Writes graphs of operators with kernels and of delegate calls as a program.</summary>
internal static class PteEmitter
{
    /// <exception cref="UnsupportedModelException">Operators without a kernel; all are listed.</exception>
    public static CompiledProgram Emit(IReadOnlyList<Graph> methods, CompileOptions options)
    {
        var missing = methods.SelectMany(m => Missing(m, options.Target)).ToList();
        if (missing.Count > 0)
            throw new UnsupportedModelException(methods[0].Name, missing);
        var pool = new SegmentPool();
        var external = options.ExternalWeights ? new List<ExternalTensor>() : null;
        var emitted = methods.OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => new MethodEmitter(m, pool, external).Emit()).ToList();
        var delegated = methods.ToDictionary(m => m.Name, Delegated);
        return new CompiledProgram(pool.Build(emitted), options, external ?? [], delegated);
    }

    private static int Delegated(Graph graph) => SubGraphs.WithInner(graph).SelectMany(g => g.Nodes)
        .Where(n => ReferenceEquals(n.Operator, DelegatePayload.Operator)).Sum(n => n.Args[1].AsObject<DelegatePayload>().Nodes.Count);

    private static IEnumerable<UnsupportedItem> Missing(Graph graph, ExecuTorchRelease target)
    {
        var calls = SubGraphs.WithInner(graph).SelectMany(g => g.Nodes).Where(n => !ReferenceEquals(n.Operator, DelegatePayload.Operator) && !SubGraphs.IsControlFlow(n));
        foreach (var group in calls.GroupBy(n => n.Op))
        {
            string? kernel = group.First().Operator.OutName;
            string? reason = kernel is null ? "the runtime has no kernel for it"
                : KernelReleases.First(kernel) is var since && since > target ? $"its kernel {kernel} exists since ExecuTorch {since}, the target is {target}" : null;
            if (reason is not null)
                yield return new UnsupportedItem($"operator {group.Key}", string.Join(", ", group.Take(5).Select(n => n.Name)) + (group.Count() > 5 ? $" and {group.Count() - 5} more" : ""), reason);
        }
    }
}
