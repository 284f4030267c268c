using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Recurrent;

/// <summary>Gated recurrent unit; gates in the order reset, update, new.</summary>
internal sealed class GruStep(IGraphBuilder b) : IRecurrentStep
{
    public Value[] Next(Value input, Value[] state, RecurrentWeights weights)
    {
        var hidden = b.Call1("aten::linear", state[0], weights.Hidden, weights.HiddenBias);
        long size = hidden.Spec.Sizes[^1].Value / 3;
        Value Part(Value v, int i) => b.Slice(v, -1, i * size, (i + 1) * size);
        var reset = b.Sigmoid(b.Add(Part(input, 0), Part(hidden, 0)));
        var update = b.Sigmoid(b.Add(Part(input, 1), Part(hidden, 1)));
        var fresh = b.Tanh(b.Add(Part(input, 2), b.Mul(reset, Part(hidden, 2))));
        return [b.Add(b.Mul(b.Sub(state[0], fresh), update), fresh)];
    }
}
