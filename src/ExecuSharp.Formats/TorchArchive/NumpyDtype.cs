using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>A <c>numpy.dtype</c> in a pickle.</summary>
internal sealed class NumpyDtype(string code, ScalarType? type, bool bigEndian) : PickleValue
{
    public string Code { get; } = code;

    /// <summary>Null for a type that no tensor has (text, objects).</summary>
    public ScalarType? Type { get; } = type;

    public bool BigEndian { get; set; } = bigEndian;

    public override string ToString() => $"numpy.dtype('{Code}')";
}
