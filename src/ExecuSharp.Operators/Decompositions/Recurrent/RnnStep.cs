using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Recurrent;

/// <summary>Plain recurrence with an activation.</summary>
internal sealed class RnnStep(IGraphBuilder b, Func<Argument, Value> activation) : IRecurrentStep
{
    public Value[] Next(Value input, Value[] state, RecurrentWeights weights) =>
        [activation(b.Add(b.Call1("aten::linear", state[0], weights.Hidden, weights.HiddenBias), input))];
}
