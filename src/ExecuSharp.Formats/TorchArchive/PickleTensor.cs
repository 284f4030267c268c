using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>A tensor inside a pickle.</summary>
/// <param name="tensor">Its type, shape and bytes.</param>
/// <param name="isParameter">True for an <c>nn.Parameter</c>.</param>
public sealed class PickleTensor(StoredTensor tensor, bool isParameter = false) : PickleValue
{
    /// <summary>Its type, shape and bytes.</summary>
    public StoredTensor Tensor { get; } = tensor;

    /// <summary>True for an <c>nn.Parameter</c>.</summary>
    public bool IsParameter { get; } = isParameter;

    /// <inheritdoc/>
    public override string ToString() => Tensor.ToString();
}
