using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Sequences and optional values. They exist during import only: positions and lengths must be known.</summary>
internal static class SequenceRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("SequenceEmpty", 11, n => [new OnnxValue.OfSequence([], (OnnxDataType)n.Int("dtype", 1))]),
        new("SequenceConstruct", 11, n => [new OnnxValue.OfSequence([.. Enumerable.Range(0, n.InputCount).Select(n.Any)], n.Type(0))]),
        new("SequenceLength", 11, n => [OnnxNode.Natural(n.Aten.Longs([Of(n, 0).Items.Count]))]),
        new("SequenceAt", 11, n => [Of(n, 0).Items[Position(n, 1, Of(n, 0).Items.Count)]]),
        new("SequenceInsert", 11, Insert),
        new("SequenceErase", 11, Erase),
        new("SequenceMap", 17, Map),
        new("SplitToSequence", 11, n => [Split(n)]),
        new("ConcatFromSequence", 11, n => [Concat(n)]),
        new("Optional", 15, n => [new OnnxValue.OfOptional(n.Has(0) ? n.Any(0) : null)]),
        new("OptionalHasElement", 15, n => [OnnxNode.Natural(n.Aten.Number(n.Has(0) && n.Any(0) is not OnnxValue.OfOptional { Item: null } ? 1 : 0, ScalarType.Bool))]),
        new("OptionalGetElement", 15, n => [n.Any(0) is OnnxValue.OfOptional o ? o.Item ?? throw n.Bad("a value", "nothing") : n.Any(0)]),
    ];

    private static OnnxValue.OfSequence Of(OnnxNode n, int index) => n.Any(index) switch
    {
        OnnxValue.OfSequence s => s,
        OnnxValue.OfOptional { Item: OnnxValue.OfSequence s } => s,
        _ => throw n.Bad("a sequence", "another value"),
    };

    private static int Position(OnnxNode n, int index, int length)
    {
        long at = n.Longs(index, "the position")[0];
        return at >= -length && at < length ? (int)(at < 0 ? at + length : at) : throw n.Bad($"a position in [{-length}, {length})", $"{at}");
    }

    private static OnnxValue?[] Insert(OnnxNode n)
    {
        var sequence = Of(n, 0);
        int at = n.Has(2) ? Position(n, 2, sequence.Items.Count + 1) : sequence.Items.Count;
        // A position from the end counts before the insertion.
        if (n.Has(2) && n.Longs(2, "the position")[0] < 0)
            at = Position(n, 2, sequence.Items.Count);
        return [sequence with { Items = [.. sequence.Items.Take(at), n.Any(1), .. sequence.Items.Skip(at)] }];
    }

    private static OnnxValue?[] Erase(OnnxNode n)
    {
        var sequence = Of(n, 0);
        int at = n.Has(1) ? Position(n, 1, sequence.Items.Count) : sequence.Items.Count - 1;
        return [sequence with { Items = [.. sequence.Items.Where((_, i) => i != at)] }];
    }

    private static OnnxValue?[] Map(OnnxNode n)
    {
        var first = Of(n, 0);
        var body = n.Graph("body");
        var results = body.Outputs.Select(_ => new List<OnnxValue>()).ToArray();
        for (int i = 0; i < first.Items.Count; i++)
        {
            var inputs = Enumerable.Range(0, n.InputCount).Select(j => n.Any(j) is OnnxValue.OfSequence s ? s.Items[i] : n.Any(j)).ToArray();
            var outputs = n.Importer.Body(body, inputs, n.Scope, $"{n.Where}[{i}]");
            for (int o = 0; o < outputs.Length; o++)
                results[o].Add(outputs[o]);
        }
        return [.. results.Select((r, o) => new OnnxValue.OfSequence(r, r.Count > 0 && r[0] is OnnxValue.OfTensor t ? t.Type : body.Outputs[o].Type?.ElementType ?? OnnxDataType.Float))];
    }

    private static OnnxValue Split(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        int axis = n.Axis(n.Int("axis", 0), x.Spec.Rank);
        long size = Aten.Sizes(x)[axis];
        bool drop = !n.Has(1) && !n.Flag("keepdims", true);
        long[] sizes = [.. Enumerable.Repeat(1L, (int)size)];
        if (n.Has(1))
        {
            var split = n.MustKnow(1, "the sizes of the parts");
            sizes = Values.Longs(split);
            if (split.Rank == 0)
            {
                long each = sizes[0] > 0 ? sizes[0] : throw n.Bad("parts of 1 or more", $"{sizes[0]}");
                sizes = [.. Enumerable.Range(0, Aten.Count((size + each - 1) / each)).Select(i => Math.Min(each, size - (i * each)))];
            }
        }
        var parts = a.Split(x, axis, sizes);
        return new OnnxValue.OfSequence([.. parts.Select(p => OnnxNode.As(drop ? a.Squeeze(p, axis) : p, n.Type(0)))], n.Type(0));
    }

    private static OnnxValue Concat(OnnxNode n)
    {
        var sequence = Of(n, 0);
        if (sequence.Items.Count == 0)
            throw n.Bad("a sequence with elements", "none");
        var tensors = sequence.Items.Select(n.Tensor).ToArray();
        long axis = n.Int("axis");
        return OnnxNode.As(n.Flag("new_axis") ? n.Aten.Stack(n.Axis(axis, tensors[0].Spec.Rank + 1), tensors) : n.Aten.Cat(n.Axis(axis, tensors[0].Spec.Rank), tensors), sequence.ElementType);
    }
}
