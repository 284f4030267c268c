using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>A storage inside a pickle: bytes that tensors look into.</summary>
/// <param name="storage">The bytes.</param>
/// <param name="type">The element type of a typed storage, or null for an untyped one.</param>
/// <param name="offset">Where a legacy view of the storage starts, in elements.</param>
public sealed class PickleStorage(TensorStorage storage, ScalarType? type, long offset = 0) : PickleValue
{
    /// <summary>The bytes.</summary>
    public TensorStorage Storage { get; } = storage;

    /// <summary>The element type, or null for an untyped storage.</summary>
    public ScalarType? Type { get; } = type;

    /// <summary>Where a legacy view starts, in elements.</summary>
    public long Offset { get; } = offset;

    /// <inheritdoc/>
    public override string ToString() => $"a storage of {Storage.ByteLength} bytes";
}
