using ExecuSharp.Core;
using ExecuSharp.Runtime;

namespace ExecuSharp.Vision.Embedding;

/// <summary>A program whose first output is the vector.</summary>
/// <param name="module">The program; disposed with the encoder.</param>
/// <param name="method">Method; null for <c>forward</c>, or the only one.</param>
public sealed class ModuleEncoder(Module module, string? method = null) : IEncoder, IDisposable
{
    /// <inheritdoc/>
    public ReadOnlySpan<float> Encode(Tensor input)
    {
        var loaded = module.Method(method);
        loaded.SetInput(0, input);
        loaded.Execute();
        var output = loaded.GetOutput(0);
        return output.Tag == Tag.Tensor && output.AsTensor() is { Type: ScalarType.Float } vector
            ? vector.Span<float>()
            : throw new ExecuTorchException(ErrorCode.InvalidType, $"the first output of {loaded.Name} is {output}, a float vector is needed");
    }

    /// <summary>Frees the program.</summary>
    public void Dispose() => module.Dispose();
}
