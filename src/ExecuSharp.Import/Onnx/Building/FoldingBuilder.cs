using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.Onnx;

/// <summary>A graph builder that computes what is known at once, so that shape arithmetic and weight preparation leave no nodes.</summary>
internal sealed class FoldingBuilder(GraphBuilder graph, OperatorTable operators) : IGraphBuilder
{
    private readonly ConstantEvaluator evaluator = new();

    /// <summary>The tensor inputs of the graph.</summary>
    public List<Value> Inputs { get; } = [];

    /// <summary>The graph so far.</summary>
    public GraphBuilder Graph => graph;

    // A weight stays quantized in the program: only the codes are stored.
    private const long MaxFoldedBytes = 1L << 30;

    public Value[] CallMany(string op, params Argument[] args)
    {
        var definition = operators.Find(op);
        if (definition is null)
            return graph.CallMany(op, args);
        var complete = GraphBuilder.Complete(definition, args);
        if (definition.Shape is null)
            return definition.Decompose?.Invoke(this, complete)
                ?? throw new InvalidOperationException($"{op} has no form for these arguments: ({string.Join(", ", (object[])complete)})");
        if (!op.StartsWith("quantized_decomposed::dequantize", StringComparison.Ordinal) && complete.SelectMany(a => a.Values()).All(v => v.Kind == ValueKind.Tensor && graph.ConstantOf(v) is not null) && Fold(definition, complete) is { } known)
            return known;
        return graph.Add(definition, complete);
    }

    public Value Constant(Tensor tensor, string? name = null) => graph.Constant(tensor, name);

    public Tensor? ConstantOf(Value value) => graph.ConstantOf(value);

    private Value[]? Fold(OperatorDefinition definition, Argument[] args)
    {
        TensorSpec[] specs;
        try
        {
            specs = definition.Shape!(args);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or DivideByZeroException or ExecuTorchException)
        {
            throw new InvalidOperationException($"{definition.Name}({string.Join(", ", (object[])args)}): {e.Message}", e);
        }
        if (specs.Sum(s => s.MaxBytes) > MaxFoldedBytes)
            return null;
        var known = evaluator.TryRun(definition, args, specs, graph.ConstantOf);
        return known is null ? null : Array.ConvertAll(known, t => graph.Constant(t, graph.Scope));
    }
}
