using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>RNN, GRU and LSTM, unrolled over the sequence. The product with the input is made for all steps at once.</summary>
internal static class RecurrentRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("RNN", 7, n => Run(n, 1, (cell, x, h, c) => (cell.F(0, cell.Gates(x, h)), c))),
        new("GRU", 7, n => Run(n, 3, Gru)),
        new("LSTM", 7, n => Run(n, 4, Lstm)),
    ];

    /// <summary>One direction of one node.</summary>
    internal sealed record Cell(Aten A, int Hidden, Value Weight, Value Recurrence, Value? InputBias, Value? RecurrentBias, Func<Value, Value>[] Functions,
        double? Clip, Value[]? Peepholes, bool LinearBeforeReset, bool InputForget, Func<Value, Value>? Rounding)
    {
        public Value F(int index, Value v) => Functions[index](Clip is { } c ? A.ClampTo(v, -c, c) : v);

        /// <summary>x plus h times the recurrent weights, all biases included.</summary>
        public Value Gates(Value x, Value h) => A.Add(x, Recurrent(h, 0, -1));

        /// <summary>h times some gates' recurrent weights plus their biases.</summary>
        public Value Recurrent(Value h, int gate, int count)
        {
            var (weight, bias) = (Recurrence, RecurrentBias);
            if (count >= 0)
            {
                weight = A.Slice(weight, 1, gate * Hidden, (gate + count) * Hidden);
                bias = bias is null ? null : A.Slice(bias, 0, gate * Hidden, (gate + count) * Hidden);
            }
            h = Rounding is null ? h : Rounding(h);
            return bias is null ? A.Call("aten::mm", h, weight) : A.Call("aten::addmm", bias, h, weight);
        }

        public Value Part(Value all, int gate, int count = 1) => A.Slice(all, 1, gate * Hidden, (gate + count) * Hidden);
    }

    private delegate (Value H, Value? C) Step(Cell cell, Value x, Value h, Value? c);

    // Gates are ordered z, r, h.
    private static (Value, Value?) Gru(Cell cell, Value x, Value h, Value? c)
    {
        var a = cell.A;
        Value z, candidate;
        if (cell.LinearBeforeReset)
        {
            var all = cell.Recurrent(h, 0, -1);
            var both = cell.F(0, a.Add(cell.Part(x, 0, 2), cell.Part(all, 0, 2)));
            z = cell.Part(both, 0);
            candidate = cell.F(1, a.Add(cell.Part(x, 2), a.Mul(cell.Part(both, 1), cell.Part(all, 2))));
        }
        else
        {
            var both = cell.F(0, a.Add(cell.Part(x, 0, 2), cell.Recurrent(h, 0, 2)));
            z = cell.Part(both, 0);
            candidate = cell.F(1, a.Add(cell.Part(x, 2), cell.Recurrent(a.Mul(cell.Part(both, 1), h), 2, 1)));
        }
        return (a.Add(a.Mul(a.Sub(a.Number(1, z), z), candidate), a.Mul(z, h)), c);
    }

    // Gates are ordered i, o, f, c; peepholes i, o, f.
    private static (Value, Value?) Lstm(Cell cell, Value x, Value h, Value? c)
    {
        var a = cell.A;
        var all = cell.Gates(x, h);
        Value Peep(int gate, int peephole, Value state) => cell.Peepholes is { } p ? a.Add(cell.Part(all, gate), a.Mul(p[peephole], state)) : cell.Part(all, gate);
        var input = cell.F(0, Peep(0, 0, c!));
        var forget = cell.InputForget ? a.Sub(a.Number(1, input), input) : cell.F(0, Peep(2, 2, c!));
        var next = a.Add(a.Mul(forget, c!), a.Mul(input, cell.F(1, cell.Part(all, 3))));
        var output = cell.F(0, Peep(1, 1, next));
        return (a.Mul(output, cell.Functions[2](next)), next);
    }

    /// <summary>An LSTM whose weights were prepared by the caller.</summary>
    /// <param name="n">The node.</param>
    /// <param name="rounding">Rounds inputs and states.</param>
    public static OnnxValue?[] DynamicLstm(OnnxNode n, Func<Value, Value> rounding) => Run(n, 4, Lstm, rounding);

    private static OnnxValue?[] Run(OnnxNode n, int gates, Step step, Func<Value, Value>? rounding = null)
    {
        var a = n.Aten;
        bool batchFirst = n.Flag("layout");
        var x = batchFirst ? a.Transpose(n.X, 0, 1) : n.X;
        int hidden = (int)n.Int("hidden_size", n.In(2).Spec.Sizes[2].Value);
        string direction = n.Text("direction", "forward");
        int directions = direction == "bidirectional" ? 2 : 1;
        long[] sizes = Aten.Sizes(x);
        if (sizes.Length != 3 || n.In(1).Spec.Sizes[0].Value != directions || n.In(1).Spec.Sizes[1].Value != gates * hidden || n.In(1).Spec.Sizes[2].Value != sizes[2])
            throw n.Bad($"weights for {gates} gates, {directions} directions and input {n.X.Spec}", $"{n.In(1).Spec}");
        var mask = Mask(n, sizes);
        var hiddenAll = new List<Value>();
        List<Value> lastH = [], lastC = [];
        for (int d = 0; d < directions; d++)
        {
            var (all, h, c) = Direction(n, x, sizes, d, gates, hidden, d == 1 || direction == "reverse", mask, step, batchFirst, rounding);
            hiddenAll.Add(all);
            lastH.Add(h);
            if (c is not null)
                lastC.Add(c);
        }
        Value Layout(Value v, params long[] order) => batchFirst ? a.Permute(v, order) : v;
        var y = Layout(a.Stack(1, [.. hiddenAll]), 2, 0, 1, 3);
        return
        [
            n.Same(y),
            n.Same(Layout(a.Stack(0, [.. lastH]), 1, 0, 2)),
            lastC.Count == 0 ? null : n.Same(Layout(a.Stack(0, [.. lastC]), 1, 0, 2)),
        ];
    }

    /// <summary>For each step and sequence whether the step is inside the sequence; null if all are.</summary>
    private static Value? Mask(OnnxNode n, long[] sizes)
    {
        if (!n.Has(4) || (n.Known(4) is { } known && Values.Longs(known).All(l => l == sizes[0])))
            return null;
        var a = n.Aten;
        var steps = a.Longs(Aten.Indices(sizes[0]), (int)sizes[0], 1, 1);
        return a.Lt(steps, a.View(a.Cast(n.In(4), ScalarType.Long), 1, sizes[1], 1));
    }

    private static (Value All, Value H, Value? C) Direction(OnnxNode n, Value x, long[] sizes, int d, int gates, int hidden, bool reverse, Value? mask, Step step, bool batchFirst, Func<Value, Value>? rounding)
    {
        var a = n.Aten;
        var type = x.Spec.Type;
        var cell = MakeCell(n, d, gates, hidden) with { Rounding = rounding };
        Value Initial(int index) => n.Opt(index) is { } given
            ? a.Select(batchFirst ? a.Transpose(given, 0, 1) : given, 0, d)
            : a.Full(0, type, sizes[1], hidden);
        var h = Initial(5);
        Value? c = gates == 4 ? Initial(6) : null;
        var flat = a.View(rounding is null ? x : rounding(x), sizes[0] * sizes[1], sizes[2]);
        var product = cell.InputBias is null ? a.Call("aten::mm", flat, cell.Weight) : a.Call("aten::addmm", cell.InputBias, flat, cell.Weight);
        product = a.View(product, sizes[0], sizes[1], gates * hidden);
        var outputs = new Value[sizes[0]];
        for (int i = 0; i < outputs.Length; i++)
        {
            int t = reverse ? outputs.Length - 1 - i : i;
            var (nextH, nextC) = step(cell, a.Select(product, 0, t), h, c);
            if (mask is null)
                (outputs[t], h, c) = (nextH, nextH, nextC);
            else
            {
                var inside = a.Select(mask, 0, t);
                outputs[t] = a.Where(inside, nextH, 0);
                h = a.Where(inside, nextH, h);
                c = nextC is null ? null : a.Where(inside, nextC, c!);
            }
        }
        return (a.Stack(0, outputs), h, c);
    }

    private static Cell MakeCell(OnnxNode n, int d, int gates, int hidden)
    {
        var a = n.Aten;
        Value? inputBias = null, recurrentBias = null;
        bool linear = n.Flag("linear_before_reset");
        if (n.Opt(3) is { } both)
        {
            var bias = a.Select(both, 0, d);
            inputBias = a.Slice(bias, 0, 0, gates * hidden);
            recurrentBias = a.Slice(bias, 0, gates * hidden, 2 * gates * hidden);
            if (gates != 3)
                (inputBias, recurrentBias) = (a.Add(inputBias, recurrentBias), null);
        }
        Value[]? peepholes = null;
        if (gates == 4 && n.Opt(7) is { } p)
            peepholes = [.. Enumerable.Range(0, 3).Select(i => a.Slice(a.Select(p, 0, d), 0, i * hidden, (i + 1) * hidden))];
        return new Cell(a, hidden, a.Transpose(a.Select(n.In(1), 0, d), 0, 1), a.Transpose(a.Select(n.In(2), 0, d), 0, 1), inputBias, recurrentBias,
            RecurrentFunctions.Of(n, d, gates switch { 1 => ["Tanh"], 3 => ["Sigmoid", "Tanh"], _ => ["Sigmoid", "Tanh", "Tanh"] }),
            n.Attribute("clip")?.Float, peepholes, linear, n.Flag("input_forget"), null);
    }
}
