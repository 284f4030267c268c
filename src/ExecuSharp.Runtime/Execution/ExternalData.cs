using ExecuSharp.Core;
using ExecuSharp.Formats.FlatTensor;
using ExecuSharp.Formats.Io;

namespace ExecuSharp.Runtime.Execution;

/// <summary>The tensors of data files beside a program.</summary>
internal sealed class ExternalData
{
    private readonly Dictionary<string, (FlatTensorFile File, FlatTensorEntry Entry)> entries = new(StringComparer.Ordinal);

    public ExternalData(IReadOnlyList<ByteSource> sources)
    {
        foreach (var source in sources)
        {
            var file = FlatTensorFile.Read(source);
            foreach (var entry in file.Entries)
                if (!entries.TryAdd(entry.Key, (file, entry)))
                    throw new ExecuTorchException(ErrorCode.InvalidArgument, $"\"{entry.Key}\" is in two data files");
        }
    }

    public bool TryGetBytes(string key, out ReadOnlyMemory<byte> bytes)
    {
        bool found = entries.TryGetValue(key, out var hit);
        bytes = found ? hit.File.BytesOf(hit.Entry) : default;
        return found;
    }

    /// <summary>The bytes of a tensor, whose type and sizes must be those of the program.</summary>
    public ReadOnlyMemory<byte> Tensor(string key, ScalarType type, IReadOnlyList<int> sizes)
    {
        if (!entries.TryGetValue(key, out var hit))
            throw new ExecuTorchException(ErrorCode.NotFound, $"the data files have no \"{key}\"");
        if (hit.Entry.Layout is { } layout && (layout.Type != type || !layout.Sizes.SequenceEqual(sizes)))
            throw new ExecuTorchException(ErrorCode.InvalidExternalData, $"\"{key}\" is {layout.Type.Name()}{Core.Tensor.Format(layout.Sizes)} in the data file, {type.Name()}{Core.Tensor.Format([.. sizes])} in the program");
        return hit.File.BytesOf(hit.Entry);
    }
}
