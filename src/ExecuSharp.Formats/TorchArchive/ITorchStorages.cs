using ExecuSharp.Core;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>Where the storages of a pickle are: members of an archive, or the end of a legacy file.</summary>
internal interface ITorchStorages
{
    /// <summary>A storage; the same object for the same key.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="elementSize">Bytes of an element.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="isUntyped">True if the elements are bytes of unknown meaning.</param>
    /// <param name="place">Where it is asked for.</param>
    /// <exception cref="ModelFormatException">It is missing or too short.</exception>
    TensorStorage Get(string key, int elementSize, long count, bool isUntyped, string place);
}
