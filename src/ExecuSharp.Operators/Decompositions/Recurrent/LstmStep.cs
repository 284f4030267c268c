using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Recurrent;

/// <summary>Long short-term memory; gates in the order input, forget, cell, output.</summary>
internal sealed class LstmStep(IGraphBuilder b) : IRecurrentStep
{
    public Value[] Next(Value input, Value[] state, RecurrentWeights weights)
    {
        var gates = b.Add(b.Call1("aten::linear", state[0], weights.Hidden, weights.HiddenBias), input);
        long size = gates.Spec.Sizes[^1].Value / 4;
        Value Part(int i) => b.Slice(gates, -1, i * size, (i + 1) * size);
        var cell = b.Add(b.Mul(b.Sigmoid(Part(1)), state[1]), b.Mul(b.Sigmoid(Part(0)), b.Tanh(Part(2))));
        var hidden = b.Mul(b.Sigmoid(Part(3)), b.Tanh(cell));
        if (weights.Projection is not null)
            hidden = b.Call1("aten::linear", hidden, weights.Projection, Argument.None);
        return [hidden, cell];
    }
}
