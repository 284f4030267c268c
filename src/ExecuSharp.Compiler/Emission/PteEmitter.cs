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
        var missing = methods.SelectMany(Missing).ToList();
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

    private static IEnumerable<UnsupportedItem> Missing(Graph graph) => SubGraphs.WithInner(graph).SelectMany(g => g.Nodes)
        .Where(n => n.Operator.OutName is null && !ReferenceEquals(n.Operator, DelegatePayload.Operator) && !SubGraphs.IsControlFlow(n))
        .GroupBy(n => n.Op)
        .Select(g => new UnsupportedItem($"operator {g.Key}", string.Join(", ", g.Take(5).Select(n => n.Name)) + (g.Count() > 5 ? $" and {g.Count() - 5} more" : ""), "the runtime has no kernel for it"));
}
