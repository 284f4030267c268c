using System.Collections;
using System.Diagnostics.CodeAnalysis;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>The named tensors of a model, in the order of the file.</summary>
public sealed class StateDict : IReadOnlyList<KeyValuePair<string, StoredTensor>>
{
    private readonly List<KeyValuePair<string, StoredTensor>> tensors;
    private readonly Dictionary<string, StoredTensor> byName;

    internal StateDict(List<KeyValuePair<string, StoredTensor>> tensors, List<KeyValuePair<string, PickleValue>> others, string path, string prefix)
    {
        this.tensors = tensors;
        Others = others;
        Path = path;
        Prefix = prefix;
        byName = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
            if (!byName.TryAdd(name, tensor))
                throw new ModelFormatException(path.Length == 0 ? "the state dict" : path, "each name once", $"'{name}' twice");
    }

    /// <summary>Entries that are no tensors, such as packed parameters of quantized modules.</summary>
    public IReadOnlyList<KeyValuePair<string, PickleValue>> Others { get; }

    /// <summary>The keys that lead to it, with dots between; nothing if it is the whole file.</summary>
    public string Path { get; }

    /// <summary>What was removed from the front of every name (<c>module.</c>).</summary>
    public string Prefix { get; }

    /// <summary>Number of tensors.</summary>
    public int Count => tensors.Count;

    /// <summary>A tensor with its name, by position.</summary>
    public KeyValuePair<string, StoredTensor> this[int index] => tensors[index];

    /// <summary>A tensor by name.</summary>
    /// <exception cref="ModelFormatException">There is none of this name.</exception>
    public StoredTensor this[string name] => byName.TryGetValue(name, out var tensor)
        ? tensor
        : throw new ModelFormatException("the state dict", $"a tensor '{name}'", $"{Count} others");

    /// <summary>True if there is a tensor of this name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor) => byName.TryGetValue(name, out tensor);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, StoredTensor>> GetEnumerator() => tensors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
