using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Formats.Zip;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>
/// A ZIP archive as PyTorch writes it: all members under one root folder of any name. The base of checkpoints,
/// TorchScript, mobile files and <c>.pt2</c>.
/// </summary>
public sealed class TorchZipArchive : IDisposable
{
    private readonly ZipReader zip;
    private readonly Dictionary<string, TensorStorage> storages = new(StringComparer.Ordinal);

    private TorchZipArchive(ZipReader zip, string root)
    {
        this.zip = zip;
        Root = root;
        Names = [.. zip.Entries.Where(e => e.Name.StartsWith(root, StringComparison.Ordinal)).Select(e => e.Name[root.Length..])];
        BigEndian = ReadByteOrder();
    }

    /// <summary>The root folder with its slash, or nothing if the members are at the top.</summary>
    public string Root { get; }

    /// <summary>Member names without the root folder, in the order of the archive.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>True if the <c>byteorder</c> member says that numbers have their highest byte first.</summary>
    public bool BigEndian { get; }

    /// <summary>The file's name, if known.</summary>
    public string? FileName => zip.Source.Name;

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">The file is missing or no valid archive.</exception>
    public static TorchZipArchive Open(string path) => ByteSource.Open(path, Open);

    /// <summary>Opens an archive in a source, which this object then owns.</summary>
    /// <exception cref="ModelFormatException">The bytes are no valid archive.</exception>
    public static TorchZipArchive Open(ByteSource source)
    {
        var zip = ZipReader.Open(source);
        return new TorchZipArchive(zip, FindRoot(zip));
    }

    /// <summary>True if there is a member of this name.</summary>
    public bool Has(string name) => zip.TryGet(Root + name, out _);

    /// <summary>The contents of a member; mapped where stored.</summary>
    /// <exception cref="ModelFormatException">It is missing or broken.</exception>
    public ReadOnlyMemory<byte> Read(string name) => zip.Read(zip[Root + name]);

    /// <summary>A member as a source of its own, for an archive inside the archive.</summary>
    /// <exception cref="ModelFormatException">It is missing or broken.</exception>
    public ByteSource ReadSource(string name) => zip.ReadSource(zip[Root + name]);

    /// <summary>The text of a member.</summary>
    /// <exception cref="ModelFormatException">It is missing or broken.</exception>
    public string ReadText(string name) => Encoding.UTF8.GetString(Read(name).Span);

    /// <summary>
    /// Reads a pickle and connects its tensors to the storages in a folder: <c>data.pkl</c> with <c>data/</c>,
    /// <c>constants.pkl</c> with <c>constants/</c>.
    /// </summary>
    /// <exception cref="ModelFormatException">It is missing or broken, or names a forbidden global.</exception>
    public PickleValue ReadPickle(string name, string storageFolder, TorchLoadOptions? options = null) =>
        Unpickler.Load(Read(name), new TorchResolver(new Folder(this, storageFolder), options ?? new TorchLoadOptions()));

    /// <summary>A member as the storage of tensors; the same object for the same name.</summary>
    /// <exception cref="ModelFormatException">It is missing.</exception>
    public TensorStorage Storage(string name, bool bigEndian = false)
    {
        if (!storages.TryGetValue(name, out var storage))
        {
            var entry = zip[Root + name];
            storages.Add(name, storage = new TensorStorage(name, entry.Length, () => zip.Read(entry), bigEndian));
        }
        return storage;
    }

    /// <summary>Ends the mapping.</summary>
    public void Dispose() => zip.Dispose();

    private static string FindRoot(ZipReader zip)
    {
        foreach (string marker in (string[])["archive_format", "data.pkl", "version"])
        {
            var at = zip.Entries.Where(e => e.Name == marker || (e.Name.EndsWith("/" + marker, StringComparison.Ordinal) && !e.Name.EndsWith("/.data/" + marker, StringComparison.Ordinal)))
                .MinBy(e => e.Name.Count(c => c == '/'));
            if (at is not null)
                return at.Name[..^marker.Length];
        }
        return "";
    }

    private bool ReadByteOrder()
    {
        if (!Has("byteorder"))
            return false;
        string order = ReadText("byteorder").Trim();
        return order switch
        {
            "little" => false,
            "big" => true,
            _ => throw new ModelFormatException("byteorder", "'little' or 'big'", $"'{order}'", FileName),
        };
    }

    private sealed class Folder(TorchZipArchive archive, string folder) : ITorchStorages
    {
        public TensorStorage Get(string key, int elementSize, long count, bool isUntyped, string place)
        {
            string name = folder + key;
            if (!archive.Has(name))
                throw new ModelFormatException(place, $"storage '{name}' in the archive", "none", archive.FileName);
            var storage = archive.Storage(name, archive.BigEndian && !isUntyped);
            if (count > storage.ByteLength / elementSize)
                throw new ModelFormatException($"storage '{name}'", $"{count} elements of {elementSize} bytes", $"{storage.ByteLength} bytes", archive.FileName);
            return storage;
        }
    }
}
