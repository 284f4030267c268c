using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Decompositions.Views;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Recurrent;

/// <summary>Gated recurrent unit; gates in the order reset, update, new.</summary>
internal sealed class GruStep(IGraphBuilder b) : IRecurrentStep
{
    public Value[] Next(Value input, Value[] state, RecurrentWeights weights)
    {
        var hidden = b.Call1("aten::linear", state[0], weights.Hidden, weights.HiddenBias);
        long size = hidden.Spec.Sizes[^1].Value / 3;
        Value[] x = SliceDecompositions.Parts(b, input, -1, [size, size, size]), h = SliceDecompositions.Parts(b, hidden, -1, [size, size, size]);
        var reset = b.Sigmoid(b.Add(x[0], h[0]));
        var update = b.Sigmoid(b.Add(x[1], h[1]));
        var fresh = b.Tanh(b.Add(x[2], b.Mul(reset, h[2])));
        return [b.Add(b.Mul(b.Sub(state[0], fresh), update), fresh)];
    }
}
