using ExecuSharp.Formats.Pickle;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>A <c>numpy.ndarray</c> between its constructor and its state.</summary>
internal sealed class NumpyArrayShell : PickleValue
{
    public override string ToString() => "a numpy.ndarray without data";
}
