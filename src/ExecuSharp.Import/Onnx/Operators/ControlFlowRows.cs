using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>If, Loop and Scan. Known conditions are taken, loops of known length are unrolled.</summary>
internal static class ControlFlowRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("If", 1, If),
        new("Loop", 1, Loop),
        new("Scan", (8, ScanBatched), (9, Scan)),
    ];

    private static OnnxValue?[] If(OnnxNode n)
    {
        var condition = n.KnownBool(0);
        if (condition is { } known)
            return Branch(n, known ? "then_branch" : "else_branch");
        // Both branches have no effects: both are computed, and the condition chooses between their results.
        var then = Branch(n, "then_branch");
        var other = Branch(n, "else_branch");
        if (then.Length != other.Length)
            throw n.Bad("branches with as many outputs", $"{then.Length} and {other.Length}");
        return [.. then.Zip(other).Select(p => Choose(n, p.First!, p.Second!))];
    }

    private static OnnxValue?[] Branch(OnnxNode n, string name) => [.. n.Importer.Body(n.Graph(name), [], n.Scope, $"{n.Where}.{name}")];

    private static OnnxValue Choose(OnnxNode n, OnnxValue then, OnnxValue other)
    {
        if (then is OnnxValue.OfSequence a && other is OnnxValue.OfSequence b && a.Items.Count == b.Items.Count)
            return a with { Items = [.. a.Items.Zip(b.Items).Select(p => Choose(n, p.First, p.Second))] };
        if (then is OnnxValue.Unknown || other is OnnxValue.Unknown)
            return new OnnxValue.Unknown();
        Value x = n.Tensor(then), y = n.Tensor(other);
        if (!x.Spec.MaxSizes.AsSpan().SequenceEqual(y.Spec.MaxSizes) || x.Spec.Type != y.Spec.Type)
            throw n.Unsupported($"branches with results {x.Spec} and {y.Spec} and a condition that is not known at conversion");
        return new OnnxValue.OfTensor(n.Aten.Where(n.Aten.Single(n.In(0)), x, y), then is OnnxValue.OfTensor t ? t.Type : OnnxDataType.Int64);
    }

    /// <summary>A loop whose end depends on data is unrolled up to this trip count, with its results masked.</summary>
    private const long MaxMaskedTurns = 64;

    private static OnnxValue?[] Loop(OnnxNode n)
    {
        var body = n.Graph("body");
        var a = n.Aten;
        long? trips = n.Has(0) ? (n.Known(0) is { } m ? Values.Longs(m)[0] : throw n.Unsupported("the trip count (input 0) must be known at conversion; freeze the input that it depends on")) : null;
        bool? condition = n.Has(1) ? n.KnownBool(1) : true;
        Value? active = condition is null ? a.Single(n.In(1)) : null;
        int states = n.InputCount - 2;
        var state = Enumerable.Range(2, Math.Max(0, states)).Select(i => n.Any(i)).ToList();
        int scans = body.Outputs.Count - 1 - state.Count;
        if (scans < 0)
            throw n.Bad($"a body of {1 + state.Count} outputs or more", $"{body.Outputs.Count}");
        var initial = state.ToArray();
        bool masks = trips <= MaxMaskedTurns && state.All(s => s is OnnxValue.OfTensor or OnnxValue.OfDims);
        if (active is not null && !masks)
            return While(n, body, trips, initial, scans);
        var collected = Enumerable.Range(0, scans).Select(_ => new List<OnnxValue>()).ToArray();
        var flags = new List<Value>();
        bool running = condition ?? true;
        for (long i = 0; running && (trips is null || i < trips); i++)
        {
            n.Importer.CountTurn();
            OnnxValue[] inputs = [OnnxNode.Natural(a.Longs([i])), active is null ? OnnxNode.Natural(a.Number(1, ScalarType.Bool)) : OnnxNode.Natural(active), .. state];
            var results = n.Importer.Body(body, inputs, n.Scope, $"{n.Where}[{i}]");
            if (results.Any(r => r is OnnxValue.Unknown))
                return [.. Enumerable.Repeat<OnnxValue?>(new OnnxValue.Unknown(), n.OutputCount)];
            for (int s = 0; s < state.Count; s++)
                state[s] = active is null ? results[s + 1] : Keep(n, active, results[s + 1], state[s]);
            for (int s = 0; s < scans; s++)
                collected[s].Add(results[1 + state.Count + s]);
            flags.Add(active ?? a.Number(1, ScalarType.Bool));
            if (results[0] is OnnxValue.OfTensor c && a.ConstantOf(c.Value) is { } known)
                running = known.Span<byte>()[0] != 0;
            else
            {
                if (!masks)
                    return While(n, body, trips, initial, scans);
                var next = a.Single(n.Tensor(results[0]));
                active = active is null ? next : a.And(active, next);
            }
        }
        return [.. state, .. collected.Select((c, i) => (OnnxValue?)Taken(n, Stacked(n, c, body.Outputs[1 + state.Count + i], 0), flags))];
    }

    private static OnnxValue?[] While(OnnxNode n, GraphProto body, long? trips, OnnxValue[] states, int scans) => scans == 0
        ? WhileLoop.Add(n, body, trips, states)
        : throw n.Unsupported("collected outputs of a loop whose number of turns is not known at conversion; freeze the input that it depends on");

    /// <summary>The collected rows of the turns that were made; how many is known at run time only.</summary>
    private static OnnxValue Taken(OnnxNode n, OnnxValue rows, List<Value> flags)
    {
        var a = n.Aten;
        if (rows is not OnnxValue.OfTensor t || flags.All(f => a.ConstantOf(f) is not null))
            return rows;
        var made = a.NonZero(a.Cat(0, [.. flags.Select(f => a.View(f, 1))]));
        return t with { Value = a.IndexSelect(t.Value, 0, a.Select(made, 1, 0)) };
    }

    private static OnnxValue Keep(OnnxNode n, Value active, OnnxValue next, OnnxValue old)
    {
        Value x = n.Tensor(next), y = n.Tensor(old);
        if (!x.Spec.MaxSizes.AsSpan().SequenceEqual(y.Spec.MaxSizes))
            throw n.Unsupported("a state that changes its sizes in a loop whose condition is not known at conversion");
        return next is OnnxValue.OfTensor t ? t with { Value = n.Aten.Where(active, x, y) } : OnnxNode.Natural(n.Aten.Where(active, x, y));
    }

    private static OnnxValue Stacked(OnnxNode n, List<OnnxValue> rows, ValueInfoProto declared, int axis)
    {
        if (rows.Count == 0)
        {
            var type = declared.Type?.ElementType ?? OnnxDataType.Float;
            long[] sizes = [0, .. declared.Type?.Shape?.Select(d => d.Value ?? 0) ?? []];
            return OnnxNode.As(n.Aten.Constant(Tensor.Empty(ElementTypes.Carrier(type) ?? ScalarType.Float, Array.ConvertAll(sizes, s => (int)s))), type);
        }
        var tensors = rows.ConvertAll(n.Tensor);
        int at = axis < 0 ? axis + tensors[0].Spec.Rank + 1 : axis;
        return new OnnxValue.OfTensor(n.Aten.Stack(at, [.. tensors]), rows[0] is OnnxValue.OfTensor t ? t.Type : OnnxDataType.Int64);
    }

    private static OnnxValue?[] Scan(OnnxNode n) => Scanned(n, [.. Enumerable.Range(0, n.InputCount).Select(n.Any)], null);

    /// <summary>Version 8: the first input holds lengths, and everything has a batch dimension in front.</summary>
    private static OnnxValue?[] ScanBatched(OnnxNode n)
    {
        if (n.Has(0))
            throw n.Unsupported("lengths of sequences (input 0)");
        var inputs = Enumerable.Range(1, n.InputCount - 1).Select(n.Any).ToArray();
        long batch = Aten.Sizes(n.Tensor(inputs[0]))[0];
        var all = new List<OnnxValue?[]>();
        for (long b = 0; b < batch; b++)
            all.Add(Scanned(n, Array.ConvertAll(inputs, i => (OnnxValue)new OnnxValue.OfTensor(n.Aten.Select(n.Tensor(i), 0, b), i is OnnxValue.OfTensor t ? t.Type : OnnxDataType.Int64)), n.Ints("directions")));
        return [.. Enumerable.Range(0, all[0].Length).Select(o => (OnnxValue?)new OnnxValue.OfTensor(
            n.Aten.Stack(0, [.. all.Select(r => n.Tensor(r[o]!))]), all[0][o] is OnnxValue.OfTensor t ? t.Type : OnnxDataType.Int64))];
    }

    private static OnnxValue?[] Scanned(OnnxNode n, OnnxValue[] inputs, long[]? oldDirections)
    {
        var a = n.Aten;
        var body = n.Graph("body");
        int scans = (int)n.Int("num_scan_inputs");
        int states = inputs.Length - scans, outputs = body.Outputs.Count - states;
        if (scans < 1 || states < 0 || outputs < 0)
            throw n.Bad("scan inputs and states that fit the body", $"{scans} and {states}");
        long[] axes = n.Ints("scan_input_axes") ?? new long[scans], directions = n.Ints("scan_input_directions") ?? oldDirections ?? new long[scans];
        long[] outputAxes = n.Ints("scan_output_axes") ?? new long[outputs], outputDirections = n.Ints("scan_output_directions") ?? new long[outputs];
        var state = inputs[..states].ToList();
        var rows = inputs[states..].Select((v, i) => (Value: n.Tensor(v), Type: v is OnnxValue.OfTensor t ? t.Type : OnnxDataType.Int64, Axis: n.Axis(axes[i], n.Tensor(v).Spec.Rank))).ToArray();
        long length = Aten.Sizes(rows[0].Value)[rows[0].Axis];
        var collected = Enumerable.Range(0, outputs).Select(_ => new List<OnnxValue>()).ToArray();
        for (long i = 0; i < length; i++)
        {
            n.Importer.CountTurn();
            var row = rows.Select((r, s) => (OnnxValue)new OnnxValue.OfTensor(a.Select(r.Value, r.Axis, directions[s] == 1 ? length - 1 - i : i), r.Type));
            var results = n.Importer.Body(body, [.. state, .. row], n.Scope, $"{n.Where}[{i}]");
            if (results.Any(r => r is OnnxValue.Unknown))
                return [.. Enumerable.Repeat<OnnxValue?>(new OnnxValue.Unknown(), n.OutputCount)];
            state = [.. results[..states]];
            for (int o = 0; o < outputs; o++)
                if (outputDirections[o] == 1)
                    collected[o].Insert(0, results[states + o]);
                else
                    collected[o].Add(results[states + o]);
        }
        return [.. state, .. collected.Select((c, o) => (OnnxValue?)Stacked(n, c, body.Outputs[states + o], (int)outputAxes[o]))];
    }
}
