using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Decompositions.Views;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Recurrent;

/// <summary>Long short-term memory; gates in the order input, forget, cell, output.</summary>
internal sealed class LstmStep(IGraphBuilder b) : IRecurrentStep
{
    public Value[] Next(Value input, Value[] state, RecurrentWeights weights)
    {
        var gates = b.Add(b.Call1("aten::linear", state[0], weights.Hidden, weights.HiddenBias), input);
        long size = gates.Spec.Sizes[^1].Value / 4;
        var part = SliceDecompositions.Parts(b, gates, -1, [size, size, size, size]);
        var cell = b.Add(b.Mul(b.Sigmoid(part[1]), state[1]), b.Mul(b.Sigmoid(part[0]), b.Tanh(part[2])));
        var hidden = b.Mul(b.Sigmoid(part[3]), b.Tanh(cell));
        if (weights.Projection is not null)
            hidden = b.Call1("aten::linear", hidden, weights.Projection, Argument.None);
        return [hidden, cell];
    }
}
