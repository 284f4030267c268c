using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Recurrent;

/// <summary>The weights of one layer and direction.</summary>
internal sealed record RecurrentWeights(Value Input, Value Hidden, Argument InputBias, Argument HiddenBias, Value? Projection)
{
    /// <summary>From PyTorch's flat list: w_ih, w_hh, then b_ih, b_hh if there are biases, then w_hr if there is a projection.</summary>
    public static RecurrentWeights Of(ReadOnlySpan<Value> flat, bool biases)
    {
        int next = biases ? 4 : 2;
        return new RecurrentWeights(flat[0], flat[1], biases ? flat[2] : Argument.None, biases ? flat[3] : Argument.None, flat.Length > next ? flat[next] : null);
    }
}
