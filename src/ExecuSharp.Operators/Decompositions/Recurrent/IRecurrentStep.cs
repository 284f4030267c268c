using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Recurrent;

/// <summary>One step of a recurrent layer.</summary>
internal interface IRecurrentStep
{
    /// <summary>The next state; its first tensor is the step's output.</summary>
    /// <param name="input">The input's part of the gates.</param>
    /// <param name="state">The state.</param>
    /// <param name="weights">Weights of the hidden part.</param>
    Value[] Next(Value input, Value[] state, RecurrentWeights weights);
}
