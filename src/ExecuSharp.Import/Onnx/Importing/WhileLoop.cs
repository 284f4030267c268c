using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Graphs;
using ExecuSharp.Graphs.ControlFlow;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>A loop whose number of turns is known at run time only: carried are the turn, the condition and the states.</summary>
internal static class WhileLoop
{
    /// <summary>Adds the loop and returns the last states.</summary>
    public static OnnxValue[] Add(OnnxNode n, GraphProto body, long? trips, IReadOnlyList<OnnxValue> states)
    {
        var a = n.Aten;
        if (states.Any(s => s is not (OnnxValue.OfTensor or OnnxValue.OfDims)))
            throw n.Unsupported("the condition (input 1) must be known at conversion because the loop's state holds sequences; freeze the input that it depends on");
        Value[] first = [a.Longs([0]), n.Has(1) ? a.Single(n.In(1)) : a.Number(1, ScalarType.Bool), .. states.Select(n.Tensor)];
        var captured = new Dictionary<Value, Value>();
        var turn = new GraphBuilder("body");
        Argument[]? results = null;
        n.Importer.InGraph(turn, () => results = Turn(n, body, turn, first, states, captured));
        var constants = turn.Build().Constants.ToArray();
        var bodyGraph = Finish(turn, first, captured, constants, results!);
        var conditionGraph = Condition(n, first, bodyGraph, trips);
        Argument[] additional = [.. captured.Keys.Select(v => (Argument)v), .. constants.Select(c => (Argument)a.Constant(c.Value.Tensor))];
        var builder = a.Builder.Graph;
        var outputs = first.Select(v => builder.NewValue(builder.Scope ?? "loop", v.Spec)).ToArray();
        builder.Add(HigherOrderOperators.WhileLoop, [Argument.OfObject(conditionGraph), Argument.OfObject(bodyGraph), first, additional], outputs);
        return [.. states.Select((s, i) => (OnnxValue)new OnnxValue.OfTensor(outputs[i + 2], s is OnnxValue.OfTensor t ? t.Type : OnnxDataType.Int64))];
    }

    private static Argument[] Turn(OnnxNode n, GraphProto body, GraphBuilder turn, Value[] first, IReadOnlyList<OnnxValue> states, Dictionary<Value, Value> captured)
    {
        var a = n.Importer.Aten;
        var carried = Array.ConvertAll(first, v => turn.Input("carried", v.Spec));
        a.Builder.Inputs.AddRange(carried);
        var outerConstants = n.OuterConstants;
        OnnxValue Capture(OnnxValue outer) => outer switch
        {
            OnnxValue.OfTensor t when outerConstants(t.Value) is { } constant => t with { Value = a.Constant(constant) },
            OnnxValue.OfTensor t => t with { Value = captured.TryGetValue(t.Value, out var known) ? known : captured[t.Value] = turn.NewValue(t.Value.Name, t.Value.Spec) },
            OnnxValue.OfSequence s => s with { Items = [.. s.Items.Select(Capture)] },
            OnnxValue.OfOptional { Item: { } item } => new OnnxValue.OfOptional(Capture(item)),
            _ => outer,
        };
        var scope = new Scope(n.Scope, n.Scope.Opsets, n.Scope.Attributes, $"{n.Where}.body") { Capture = Capture };
        OnnxValue[] inputs = [OnnxNode.Natural(carried[0]), OnnxNode.Natural(carried[1]), .. states.Select((s, i) => (OnnxValue)new OnnxValue.OfTensor(carried[i + 2], s is OnnxValue.OfTensor t ? t.Type : OnnxDataType.Int64))];
        var results = n.Importer.Body(body, inputs, scope);
        if (results.Any(r => r is OnnxValue.Unknown))
            throw n.Unsupported("its body");
        var next = results.Select(n.Tensor).ToArray();
        for (int i = 1; i < next.Length; i++)
            if (!next[i].Spec.MaxSizes.AsSpan().SequenceEqual(first[i + 1].Spec.MaxSizes))
                throw n.Unsupported($"a state that changes from {first[i + 1].Spec} to {next[i].Spec} in a loop whose condition is not known at conversion");
        return [a.Add(carried[0], 1), a.Single(next[0]), .. next[1..].Select(v => (Argument)v)];
    }

    /// <summary>The body with what it captures, and its constants, as inputs after the carried ones.</summary>
    private static Graph Finish(GraphBuilder turn, Value[] first, Dictionary<Value, Value> captured, KeyValuePair<Value, GraphConstant>[] constants, Argument[] results)
    {
        var made = turn.Build();
        var final = new GraphBuilder("body");
        foreach (var input in made.Inputs.Take(first.Length))
            final.AddInput(input);
        foreach (var inner in captured.Values)
            final.AddInput(new GraphInput(inner, inner.Name));
        foreach (var (value, constant) in constants)
            final.AddInput(new GraphInput(value, constant.Name));
        foreach (var node in made.Nodes)
            final.AddNode(node);
        for (int i = 0; i < results.Length; i++)
            final.Output(results[i], $"next.{i}");
        return final.Build();
    }

    private static Graph Condition(OnnxNode n, Value[] first, Graph body, long? trips)
    {
        var test = new GraphBuilder("condition");
        var inputs = body.Inputs.Select(i => test.Input(i.Name, i.Value.Spec)).ToArray();
        n.Importer.InGraph(test, () =>
        {
            var a = n.Importer.Aten;
            // One number that is no constant: the count is compared with a scalar.
            var goes = trips is { } most ? a.And(a.Call("aten::lt.Scalar", inputs[0], most), inputs[1]) : a.Call("aten::logical_and", inputs[1], inputs[1]);
            test.Output(a.Single(goes), "goes");
        });
        return test.Build();
    }
}
