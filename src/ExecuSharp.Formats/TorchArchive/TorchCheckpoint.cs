using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Zip;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>
/// What <c>torch.save</c> wrote (<c>.pt</c>, <c>.pth</c>, <c>.bin</c>, <c>.ckpt</c>; ZIP and legacy form), as inert values.
/// Weights are mapped and read at first use; keep this object until then.
/// </summary>
public sealed class TorchCheckpoint : IDisposable
{
    private readonly IDisposable owner;

    private TorchCheckpoint(PickleValue root, TorchContainer container, IDisposable owner) =>
        (Root, Container, this.owner) = (root, container, owner);

    /// <summary>The saved object. Tensors are <see cref="PickleTensor"/>.</summary>
    public PickleValue Root { get; }

    /// <summary>The form of the file.</summary>
    public TorchContainer Container { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFormatException">The file is missing, broken, of another kind, or names a forbidden global.</exception>
    public static TorchCheckpoint Load(string path, TorchLoadOptions? options = null) => ByteSource.Open(path, source => Load(source, options));

    /// <summary>Reads from bytes, which are not copied.</summary>
    /// <exception cref="ModelFormatException">The bytes are broken, of another kind, or name a forbidden global.</exception>
    public static TorchCheckpoint Load(ReadOnlyMemory<byte> bytes, TorchLoadOptions? options = null) => Load(new ByteSource(bytes), options);

    /// <summary>Reads from a source, which this object then owns.</summary>
    /// <exception cref="ModelFormatException">The bytes are broken, of another kind, or name a forbidden global.</exception>
    public static TorchCheckpoint Load(ByteSource source, TorchLoadOptions? options = null)
    {
        options ??= new TorchLoadOptions();
        if (ZipReader.IsZip(source))
        {
            var archive = TorchZipArchive.Open(source);
            if (!archive.Has("data.pkl"))
                throw new ModelFormatException("the archive", "a member data.pkl", "none: a ZIP archive of another kind", source.Name);
            return new TorchCheckpoint(archive.ReadPickle("data.pkl", "data/", options), TorchContainer.Zip, archive);
        }
        var (root, container) = LegacyCheckpoint.Read(source, options);
        return new TorchCheckpoint(root, container, source);
    }

    /// <summary>The weights: found under the usual names, flattened, common prefixes removed.</summary>
    /// <exception cref="ModelFormatException">There are no tensors.</exception>
    public StateDict StateDict() => StateDictFinder.Find(Root);

    /// <summary>A value by path through dictionaries and attributes (<c>"config", "model", "width"</c>), or null.</summary>
    public PickleValue? Find(params ReadOnlySpan<string> path)
    {
        PickleValue? value = Root;
        foreach (string key in path)
            value = value?.Get(key);
        return value;
    }

    /// <summary>Ends the mapping.</summary>
    public void Dispose() => owner.Dispose();
}
