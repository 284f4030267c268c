using ExecuSharp.Core;

namespace ExecuSharp.Vision.Embedding;

/// <summary>A model that turns one input into one vector. Not safe for concurrent use.</summary>
public interface IEncoder
{
    /// <summary>The vector of an input; the span is valid until the next call.</summary>
    /// <param name="input">Float [1, 3, height, width] or Long [1, context].</param>
    /// <exception cref="ExecuTorchException">The program refuses the input.</exception>
    ReadOnlySpan<float> Encode(Tensor input);
}
