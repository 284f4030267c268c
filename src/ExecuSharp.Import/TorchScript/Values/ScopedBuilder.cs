using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Graphs.ControlFlow;
using ExecuSharp.Import.Onnx;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.TorchScript.Values;

/// <summary>
/// Puts calls into the graph that is being built now: the method, or a branch of a condition known only at run time. Small results of known
/// tensors are computed at once.
/// </summary>
internal sealed class ScopedBuilder(GraphBuilder root, OperatorTable operators) : IGraphBuilder
{
    // shape arithmetic and masks, not weights
    private const long MaxFoldedBytes = 1 << 16;
    private const int MaxNodes = 100_000;

    private readonly ConstantEvaluator evaluator = new();
    private BuilderScope scope = new(root, isRoot: true);

    /// <summary>The graph of the method.</summary>
    public GraphBuilder Root => root;

    /// <summary>The name that new nodes get.</summary>
    public string? Name { get; set; }

    public Value[] CallMany(string op, params Argument[] args)
    {
        var definition = operators.Find(op)
            ?? throw new UnsupportedModelException(op, [new UnsupportedItem($"operator {op}", Name ?? op, "it is not in the operator table")]);
        var complete = GraphBuilder.Complete(definition, args);
        if (definition.Shape is null && definition.Decompose is not null)
            return definition.Decompose(this, complete)
                ?? throw new InvalidOperationException($"{op} has no form for these arguments: ({string.Join(", ", (object[])complete)})");
        if (definition.Shape is not null && IsSmallAndKnown(op, complete) && Fold(definition, complete) is { } known)
            return known;
        if (scope.Graph.Nodes.Count >= MaxNodes)
            throw new InvalidOperationException($"the graph gets more than {MaxNodes} nodes when loops are unrolled");
        scope.Graph.Scope = Name;
        var results = scope.Graph.Add(definition, [.. complete.Select(a => a.Map(scope.Import))]);
        scope.Own(results);
        return results;
    }

    public Value Constant(Tensor tensor, string? name = null) => root.Constant(tensor, name);

    public Tensor? ConstantOf(Value value) => root.ConstantOf(value);

    /// <summary>Runs what puts its calls into a new graph.</summary>
    /// <param name="operands">Values that are operands of the new graph in any case.</param>
    /// <param name="body">What to run.</param>
    public BuilderScope Branch(IReadOnlyList<Value> operands, Action body)
    {
        var outer = scope;
        var inner = new BuilderScope(new GraphBuilder("branch", operators), isRoot: false);
        foreach (var operand in operands)
            inner.Import(operand);
        inner.OwnOperands();
        scope = inner;
        try
        {
            body();
        }
        finally
        {
            scope = outer;
        }
        return inner;
    }

    /// <summary>Adds a condition over two finished branches and their results.</summary>
    public Value[] Cond(Value condition, BuilderScope first, IReadOnlyList<Value> firstResults, BuilderScope second, IReadOnlyList<Value> secondResults)
    {
        foreach (var value in second.Operands.ToArray())
            first.Import(value);
        foreach (var value in firstResults)
            Capture(first, second, value);
        foreach (var value in secondResults)
            Capture(second, first, value);
        var specs = new TensorSpec[firstResults.Count];
        for (int i = 0; i < specs.Length; i++)
        {
            var (a, b) = (firstResults[i].Spec, secondResults[i].Spec);
            if (a.Type != b.Type || a.Rank != b.Rank)
                throw new InvalidOperationException($"the branches of a condition known only at run time give {a} and {b}");
            specs[i] = a.MaxNumel >= b.MaxNumel ? a : b;
            first.Graph.Output(first.Import(firstResults[i]), $"result_{i}");
            second.Graph.Output(second.Import(secondResults[i]), $"result_{i}");
        }
        var results = Array.ConvertAll(specs, s => scope.Graph.NewValue(Name ?? "cond", s));
        Argument[] operands = [.. first.Operands.Select(o => (Argument)scope.Import(o))];
        scope.Graph.Add(HigherOrderOperators.Cond, [scope.Import(condition), Argument.OfObject(Finish(first)), Argument.OfObject(Finish(second)), operands], results);
        scope.Own(results);
        return results;
    }

    /// <summary>Adds a loop over a finished condition and body, whose operands begin with the carried values.</summary>
    public Value[] While(Value[] carried, BuilderScope condition, Value test, BuilderScope body, IReadOnlyList<Value> results)
    {
        foreach (var value in body.Operands.ToArray())
            condition.Import(value);
        Capture(condition, body, test);
        foreach (var value in results)
            Capture(body, condition, value);
        condition.Graph.Output(condition.Import(test), "go_on");
        for (int i = 0; i < results.Count; i++)
            body.Graph.Output(body.Import(results[i]), $"result_{i}");
        Argument[] first = [.. carried.Select(c => (Argument)scope.Import(c))];
        Argument[] others = [.. body.Operands.Skip(carried.Length).Select(o => (Argument)scope.Import(o))];
        var outputs = Array.ConvertAll(carried, c => scope.Graph.NewValue(Name ?? "loop", c.Spec));
        scope.Graph.Add(HigherOrderOperators.WhileLoop, [Argument.OfObject(Finish(condition)), Argument.OfObject(Finish(body)), first, others], outputs);
        scope.Own(outputs);
        return outputs;
    }

    /// <summary>True for a value of the graph around the branch that is being built: a write to its tensor cannot be expressed.</summary>
    public bool IsOuter(Value value) => !scope.MayWrite(value);

    private static Graph Finish(BuilderScope branch) => Rewriter.RemoveDeadCode(branch.Graph.Build());

    // a result that comes from outside is an operand of both branches
    private static void Capture(BuilderScope producer, BuilderScope other, Value value)
    {
        int before = producer.Operands.Count;
        producer.Import(value);
        if (producer.Operands.Count > before)
            other.Import(value);
    }

    private bool IsSmallAndKnown(string op, Argument[] args) =>
        !op.StartsWith("quantized_decomposed::", StringComparison.Ordinal) && args.SelectMany(a => a.Values()).All(v => v.Kind == ValueKind.Tensor && root.ConstantOf(v) is { } t && t.ByteLength <= MaxFoldedBytes);

    private Value[]? Fold(OperatorDefinition definition, Argument[] args)
    {
        var specs = ConstantEvaluator.Specs(definition, args);
        if (specs.Any(s => !s.IsStatic) || specs.Sum(s => s.MaxBytes) > MaxFoldedBytes)
            return null;
        var known = evaluator.TryRun(definition, args, specs, root.ConstantOf);
        return known is null ? null : Array.ConvertAll(known, t => root.Constant(t, Name));
    }
}
