using ExecuSharp.Compiler.Emission;
using ExecuSharp.Compiler.Passes;
using ExecuSharp.Compiler.Xnnpack;
using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Graphs.ControlFlow;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler;

/// <summary>Compiles graphs of ATen operators to a program: simplify, partition, write what is left with portable operators, plan memory, emit.</summary>
public static class PteCompiler
{
    /// <summary>Compiles methods into one program. The same graphs and options give the same bytes.</summary>
    /// <param name="methods">A graph for each method; names are unique.</param>
    /// <param name="options">Backend and target release.</param>
    /// <param name="context">Vector width and threads for folding constants.</param>
    /// <param name="progress">Told what happens; may be null.</param>
    /// <exception cref="UnsupportedModelException">Operators for which there is no kernel; all are listed.</exception>
    public static CompiledProgram Compile(IReadOnlyList<Graph> methods, CompileOptions options, KernelContext context, IProgress<string>? progress = null)
    {
        var lowered = new List<Graph>();
        var reasons = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var method in methods)
        {
            lowered.Add(Lower(method, options, context, progress, out var ofMethod));
            reasons.Add(method.Name, ofMethod);
        }
        progress?.Report("emit");
        return PteEmitter.Emit(lowered, options) with { Reasons = reasons };
    }

    /// <summary>The graph after the passes that keep it a graph of ATen operators: what is compared layer by layer.</summary>
    public static Graph Simplify(Graph graph, KernelContext context)
    {
        GraphStage.Check(graph, "import");
        graph = Rewriter.RemoveDeadCode(graph);
        foreach (var (name, rules) in Passes(context))
        {
            graph = Rewriter.Apply(graph, rules());
            GraphStage.Check(graph, name);
        }
        return SubGraphs.Map(SubGraphs.SinkConstants(graph), inner => Simplify(inner, context));
    }

    /// <summary>The same graph with other outputs, for tools that look at values in between.</summary>
    public static Graph WithOutputs(Graph graph, IReadOnlyList<Value> outputs)
    {
        var builder = new GraphBuilder(graph.Name);
        foreach (var input in graph.Inputs)
            builder.AddInput(input);
        foreach (var (value, constant) in graph.Constants)
            builder.AddConstant(value, constant);
        foreach (var node in graph.Nodes)
            builder.AddNode(node);
        foreach (var output in outputs)
            builder.Output(output, output.Name);
        return builder.Build();
    }

    private static IEnumerable<(string Name, Func<IRewriteRule[]> Rules)> Passes(KernelContext context)
    {
        yield return ("constant folding", () => [new ConstantFolding(context, keepCodes: true), new ConditionFolding(), new SelectionFolding(), new DequantizedPermutation(), new IdentityRemoval(), new ViewMerging(), new ExpandRemoval()]);
        yield return ("transpose sinking", () => [new TransposeSinking(), new ConstantFolding(context, keepCodes: true), new IdentityRemoval(), new ViewMerging()]);
        yield return ("batch norm folding", () => [new BatchNormFolding(), new ConstantFolding(context, keepCodes: true)]);
        yield return ("common subexpressions", () => [new CommonSubexpressions()]);
        yield return ("number operands", () => [new NumberOperands()]);
        yield return ("recognition", () => [new ActivationRecognition(), new NormalizationRecognition()]);
        yield return ("scale folding", () => [new ScaleFolding(), new ConstantFolding(context, keepCodes: true)]);
    }

    private static Graph Lower(Graph graph, CompileOptions options, KernelContext context, IProgress<string>? progress, out IReadOnlyDictionary<string, string> reasons)
    {
        progress?.Report($"simplify {graph.Name}");
        graph = Simplify(graph, context);
        progress?.Report($"partition {graph.Name}");
        var why = new Dictionary<string, string>(StringComparer.Ordinal);
        reasons = why;
        return Lower(graph, options, context, why, isBody: false);
    }

    private static Graph Lower(Graph graph, CompileOptions options, KernelContext context, Dictionary<string, string> reasons, bool isBody)
    {
        graph = SubGraphs.Map(graph, inner => Lower(inner, options, context, reasons, isBody: true));
        if (options.Backend == CompileBackend.Xnnpack)
        {
            graph = Rewriter.Apply(graph, new LinearRecognition(), new DequantizedPermutation(), new ConstantFolding(context, keepCodes: true));
            GraphStage.Check(graph, "linear recognition");
            graph = XnnPartitioner.Partition(graph, options.Target, isBody, out var why);
            GraphStage.Check(graph, "partition");
            foreach (var (node, reason) in why)
                reasons[node] = reason;
        }
        graph = Rewriter.Apply(graph, new LateDecomposition(options.Target));
        graph = Rewriter.Apply(graph, new ConstantFolding(context, keepCodes: false), new IdentityRemoval(), new ViewMerging());
        GraphStage.Check(graph, "late decomposition");
        return graph;
    }
}
