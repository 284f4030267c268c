using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.Onnx;

/// <summary>A graph builder that computes what is known at once, so that shape arithmetic and weight preparation leave no nodes.</summary>
internal sealed class FoldingBuilder(GraphBuilder graph, OperatorTable operators, int maxNodes) : IGraphBuilder
{
    private readonly ConstantEvaluator evaluator = new();

    /// <summary>The tensor inputs of the graph.</summary>
    public List<Value> Inputs { get; } = [];

    /// <summary>Results that are averages or interpolations: of quantized values they lie half way between two codes quite often.</summary>
    public HashSet<Value> Averages { get; } = [];

    /// <summary>The graph so far.</summary>
    public GraphBuilder Graph => graph;

    // A weight stays quantized in the program: only the codes are stored.
    private const long MaxFoldedBytes = 1L << 28;

    public Value[] CallMany(string op, params Argument[] args)
    {
        var definition = operators.Find(op);
        if (definition is null)
            return graph.CallMany(op, args);
        if (graph.Nodes.Count > maxNodes)
            throw new OnnxUnsupportedException($"it makes the graph larger than {maxNodes} nodes");
        var complete = GraphBuilder.Complete(definition, args);
        if (definition.Shape is null && definition.Decompose is null)
            return graph.Add(definition, complete);
        if (definition.Shape is null)
            return definition.Decompose?.Invoke(this, complete)
                ?? throw new InvalidOperationException($"{op} has no form for these arguments: ({string.Join(", ", (object[])complete)})");
        if (!op.StartsWith("quantized_decomposed::dequantize", StringComparison.Ordinal) && complete.SelectMany(a => a.Values()).All(v => v.Kind == ValueKind.Tensor && graph.ConstantOf(v) is not null) && Fold(definition, complete) is { } known)
            return known;
        var results = graph.Add(definition, complete);
        if (op is "aten::avg_pool2d" or "aten::mean.dim" or "aten::upsample_bilinear2d.vec")
            Averages.Add(results[0]);
        return results;
    }

    /// <summary>Adds a call whose result is described by the caller.</summary>
    public Value AddAs(string op, Argument[] args, TensorSpec spec)
    {
        var definition = operators.Find(op);
        if (definition is null)
            return graph.CallMany(op, args)[0];
        var result = graph.NewValue(graph.Scope ?? op, spec);
        graph.Add(definition, GraphBuilder.Complete(definition, args), result);
        return result;
    }

    public Value Constant(Tensor tensor, string? name = null) => graph.Constant(tensor, name);

    public Tensor? ConstantOf(Value value) => graph.ConstantOf(value);

    private Value[]? Fold(OperatorDefinition definition, Argument[] args)
    {
        var specs = ConstantEvaluator.Specs(definition, args);
        if (specs.Sum(s => s.MaxBytes) > MaxFoldedBytes)
            return null;
        var known = evaluator.TryRun(definition, args, specs, graph.ConstantOf);
        return known is null ? null : Array.ConvertAll(known, t => graph.Constant(t, graph.Scope));
    }
}
