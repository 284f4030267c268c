using ExecuSharp.Core;
using ExecuSharp.Formats.Pt2;
using ExecuSharp.Graphs;
using ExecuSharp.Graphs.ControlFlow;
using ExecuSharp.Import.Functional;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.Pt2;

/// <summary>Calls of operators that take graphs: control flow becomes nodes with sub-graphs, wrappers are written in line.</summary>
internal sealed class ControlFlowImporter(GraphImporter outer)
{
    public IReadOnlyList<FunctionalResult> Call(Pt2Node node)
    {
        var args = node.Inputs.Select(i => i.Value).ToArray();
        switch (node.Target[(node.Target.LastIndexOf('.') + 1)..])
        {
            case "cond":
                return Cond(args);
            case "while_loop":
                return While(args);
            case "map_impl":
                return Map(args);
            case "scan":
                return Scan(args);
            case "wrap_with_set_grad_enabled" or "wrap_with_autocast":
                return Inline(args);
            default:
                throw new UnsupportedModelException(node.Target, [new UnsupportedItem($"operator {node.Target}", node.Name ?? node.Target, "this control flow is not supported")]);
        }
    }

    private IReadOnlyList<FunctionalResult> Cond(Pt2Argument[] args)
    {
        var predicate = outer.Resolve(args[0]);
        var operands = args.Length > 3 ? Operands(args[3]) : [];
        var branches = new[] { Body(args[1], operands), Body(args[2], operands) };
        if (predicate.IsBool)
            return Results(HigherOrderOperators.Cond, [predicate, Argument.OfObject(branches[0]), Argument.OfObject(branches[1]), operands], Specs(branches[predicate.AsBool() ? 0 : 1]));
        var first = Specs(branches[0]);
        var second = Specs(branches[1]);
        if (first.Length != second.Length || first.Zip(second).Any(p => p.First.Type != p.Second.Type || p.First.Rank != p.Second.Rank))
            throw new InvalidOperationException("the branches give results of different types");
        var specs = first.Zip(second, (a, b) => a.MaxNumel >= b.MaxNumel ? a : b).ToArray();
        return Results(HigherOrderOperators.Cond, [predicate, Argument.OfObject(branches[0]), Argument.OfObject(branches[1]), operands], specs);
    }

    private IReadOnlyList<FunctionalResult> While(Pt2Argument[] args)
    {
        var carried = Operands(args[2]);
        var additional = args.Length > 3 ? Operands(args[3]) : [];
        Value[] operands = [.. carried, .. additional];
        var body = Body(args[1], operands);
        return Results(HigherOrderOperators.WhileLoop,
            [Argument.OfObject(Body(args[0], operands)), Argument.OfObject(body), carried, additional], [.. carried.Select(c => c.Spec)]);
    }

    private IReadOnlyList<FunctionalResult> Map(Pt2Argument[] args)
    {
        var mapped = Operands(args[1]);
        var additional = args.Length > 2 ? Operands(args[2]) : [];
        var body = Graph(args[0], [.. mapped.Select(Row), .. additional.Select(a => a.Spec)]);
        return Results(HigherOrderOperators.Map, [Argument.OfObject(body), mapped, additional], [.. Specs(body).Select(s => Stacked(mapped[0].Spec.Sizes[0], s))]);
    }

    private IReadOnlyList<FunctionalResult> Scan(Pt2Argument[] args)
    {
        var init = Operands(args[1]);
        var scanned = Operands(args[2]);
        var additional = args.Length > 3 ? Operands(args[^1]) : [];
        var body = Graph(args[0], [.. init.Select(i => i.Spec), .. scanned.Select(Row), .. additional.Select(a => a.Spec)]);
        var specs = Specs(body);
        return Results(HigherOrderOperators.Scan, [Argument.OfObject(body), init, scanned, additional],
            [.. specs[..init.Length], .. specs[init.Length..].Select(s => Stacked(scanned[0].Spec.Sizes[0], s))]);
    }

    /// <summary>A graph around which only the gradient or autocast mode changes.</summary>
    private IReadOnlyList<FunctionalResult> Inline(Pt2Argument[] args)
    {
        int index = Array.FindIndex(args, a => a is Pt2Argument.Graph);
        var graph = ((Pt2Argument.Graph)args[index]).Value;
        var inner = new GraphImporter(outer.Builder, graph, outer.Symbols, outer.Problems);
        var operands = args[(index + 1)..].SelectMany(a => a is Pt2Argument.Tensors t ? t.Names.Select(n => (Pt2Argument)new Pt2Argument.Tensor(n)) : [a]).ToArray();
        for (int i = 0; i < operands.Length; i++)
        {
            string? name = GraphImporter.NameOf(graph.Inputs[i]);
            var value = outer.Resolve(operands[i]);
            if (name is null)
                continue;
            if (outer.HandleOf(operands[i]) is { } handle)
                inner.BindTensor(name, handle);
            else
                inner.BindNumber(name, value);
        }
        inner.Run();
        return [.. graph.Outputs.SelectMany(o => o is Pt2Argument.Tensors t ? t.Names.Select(n => (Pt2Argument)new Pt2Argument.Tensor(n)) : [o])
            .Select(o => inner.HandleOf(o) is { } handle ? new FunctionalResult(handle, null) : new FunctionalResult(null, inner.Resolve(o).AsValue()))];
    }

    private Value[] Operands(Pt2Argument argument)
    {
        var resolved = outer.Resolve(argument);
        var items = resolved.IsList ? resolved.AsList() : [resolved];
        return [.. items.Select(i => i.IsNumber ? throw new InvalidOperationException("a number among the operands of a control-flow operator is not supported") : i.AsValue())];
    }

    private Graph Body(Pt2Argument argument, Value[] operands) => Graph(argument, [.. operands.Select(o => o.Spec)]);

    private Graph Graph(Pt2Argument argument, TensorSpec[] operands)
    {
        if (argument is not Pt2Argument.Graph { Value: var graph, Name: var name })
            throw new InvalidOperationException("a control-flow operator has no graph");
        if (graph.Inputs.Count != operands.Length)
            throw new InvalidOperationException($"graph {name} takes {graph.Inputs.Count} operands, {operands.Length} are given");
        var builder = new GraphBuilder(name);
        var importer = new GraphImporter(builder, graph, outer.Symbols, outer.Problems);
        for (int i = 0; i < operands.Length; i++)
        {
            string inputName = GraphImporter.NameOf(graph.Inputs[i]) ?? $"operand_{i}";
            importer.BindTensor(inputName, builder.Input(inputName, operands[i]));
        }
        importer.Run();
        foreach (var output in graph.Outputs)
        {
            var result = importer.Resolve(output);
            foreach (var item in result.IsList ? result.AsList() : [result])
                builder.Output(item, GraphImporter.NameOf(output) ?? "output");
        }
        return Rewriter.RemoveDeadCode(builder.Build());
    }

    private IReadOnlyList<FunctionalResult> Results(OperatorDefinition op, IReadOnlyList<Argument> args, TensorSpec[] specs)
    {
        var values = Array.ConvertAll(specs, s => outer.Builder.NewValue(outer.Builder.Scope ?? op.Name, s));
        outer.Builder.Add(op, args, values);
        return [.. values.Select(v => new FunctionalResult(Functionalizer.Own(v), null))];
    }

    private static TensorSpec[] Specs(Graph graph) => [.. graph.Outputs.Select(o => o.Result.AsSpec())];

    private static TensorSpec Row(Value value) => new(value.Spec.Type, value.Spec.Sizes[1..]);

    private static TensorSpec Stacked(Dim count, TensorSpec row) => new(row.Type, [count, .. row.Sizes]);
}
