using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Recurrent;

/// <summary>Recurrent layers, written out step by step. The number of steps must be fixed.</summary>
internal static class RecurrentDecompositions
{
    private const long MaxSteps = 10_000;

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        Many("aten::lstm.input(Tensor input, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor, Tensor)",
            (b, a) => Run(b, a, new LstmStep(b), [.. a[1].AsList().Select(t => t.AsValue())])),
        Many("aten::gru.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor)",
            (b, a) => Run(b, a, new GruStep(b), [a[1].AsValue()])),
        Many("aten::rnn_tanh.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor)",
            (b, a) => Run(b, a, new RnnStep(b, b.Tanh), [a[1].AsValue()])),
        Many("aten::rnn_relu.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor)",
            (b, a) => Run(b, a, new RnnStep(b, b.Relu), [a[1].AsValue()])),
        Many("aten::lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> (Tensor, Tensor)",
            (b, a) => Cell(b, a, new LstmStep(b), [.. a[1].AsList().Select(t => t.AsValue())])),
        One("aten::gru_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor", (b, a) => Cell(b, a, new GruStep(b), [a[1].AsValue()])[0]),
        One("aten::rnn_tanh_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor", (b, a) => Cell(b, a, new RnnStep(b, b.Tanh), [a[1].AsValue()])[0]),
        One("aten::rnn_relu_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor", (b, a) => Cell(b, a, new RnnStep(b, b.Relu), [a[1].AsValue()])[0]),
    ];

    private static Value[] Cell(IGraphBuilder b, IReadOnlyList<Argument> a, IRecurrentStep step, Value[] state)
    {
        var weights = new RecurrentWeights(a[2].AsValue(), a[3].AsValue(), a[4], a[5], null);
        return step.Next(b.Call1("aten::linear", a[0], weights.Input, weights.InputBias), state, weights);
    }

    /// <summary>All layers; <paramref name="states"/> are [layers * directions, batch, size].</summary>
    private static Value[] Run(IGraphBuilder b, IReadOnlyList<Argument> a, IRecurrentStep step, Value[] states)
    {
        bool biases = a[3].AsBool(), batchFirst = a[8].AsBool();
        int layers = (int)a[4].AsInt(), directions = a[7].AsBool() ? 2 : 1;
        if (a[6].AsBool() && a[5].AsDouble() != 0)
            throw Unsupported("dropout in training mode");
        Value[] weights = [.. a[2].AsList().Select(t => t.AsValue())];
        int perLayer = weights.Length / (layers * directions);
        var x = batchFirst ? b.Swap(a[0].AsValue(), 0, 1) : a[0].AsValue();
        if (!x.Spec.Sizes[0].IsStatic)
            throw Unsupported("a recurrent layer over a dynamic number of steps");
        if (x.Spec.Sizes[0].Value > MaxSteps)
            throw Unsupported($"a recurrent layer over more than {MaxSteps} steps");
        var last = states.Select(_ => new List<Value>()).ToArray();
        for (int layer = 0; layer < layers; layer++)
        {
            var sides = new Value[directions];
            for (int d = 0; d < directions; d++)
            {
                int index = (layer * directions) + d;
                var set = RecurrentWeights.Of(weights.AsSpan(index * perLayer, perLayer), biases);
                var (sequence, end) = Sequence(b, step, x, [.. states.Select(s => b.Select(s, 0, index))], set, reverse: d == 1);
                sides[d] = sequence;
                for (int s = 0; s < end.Length; s++)
                    last[s].Add(end[s]);
            }
            x = b.Cat(sides, -1);
        }
        return [batchFirst ? b.Swap(x, 0, 1) : x, .. last.Select(l => b.Stack(l, 0))];
    }

    private static (Value Sequence, Value[] State) Sequence(IGraphBuilder b, IRecurrentStep step, Value x, Value[] state, RecurrentWeights weights, bool reverse)
    {
        // The products with the input are independent of the state: one for all steps.
        var inputs = b.Call1("aten::linear", x, weights.Input, weights.InputBias);
        int steps = (int)x.Spec.Sizes[0].Value;
        var outputs = new Value[steps];
        for (int i = 0; i < steps; i++)
        {
            int t = reverse ? steps - 1 - i : i;
            state = step.Next(b.Select(inputs, 0, t), state, weights);
            outputs[t] = state[0];
        }
        return (b.Stack(outputs, 0), state);
    }
}
