using ExecuSharp.Core;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Formats.Zip;

namespace ExecuSharp.Formats.Numpy;

/// <summary><c>.npz</c> files: ZIP archives of <c>.npy</c> members, stored or deflated.</summary>
public sealed class NpzFile : IDisposable
{
    private readonly ZipReader zip;

    private NpzFile(ZipReader zip)
    {
        this.zip = zip;
        Names = [.. zip.Entries.Where(e => e.Name.EndsWith(".npy", StringComparison.Ordinal)).Select(e => e.Name[..^4])];
    }

    /// <summary>Array names in the order of the archive.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>An array by name; over the file's bytes where stored, little-endian and row-major.</summary>
    /// <exception cref="ModelFormatException">There is none of this name, or it is broken.</exception>
    public StoredTensor this[string name] => NpyFile.Parse(zip.ReadSource(zip[name + ".npy"]));

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">The file is missing or no valid archive.</exception>
    public static NpzFile Open(string path) => new(ZipReader.Open(path));

    /// <summary>Opens from bytes, which are not copied.</summary>
    /// <exception cref="ModelFormatException">The bytes are no valid archive.</exception>
    public static NpzFile Parse(ReadOnlyMemory<byte> bytes) => new(ZipReader.Open(new Io.ByteSource(bytes)));

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; replaced if there.</param>
    /// <param name="arrays">Names and arrays, in order.</param>
    /// <param name="compress">Whether to deflate, as <c>numpy.savez_compressed</c>.</param>
    /// <exception cref="ArgumentException">A name twice, or an element type that NumPy does not have.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> arrays, bool compress = false)
    {
        using var stream = File.Create(path);
        Write(stream, arrays, compress);
    }

    /// <summary>Writes to a stream.</summary>
    /// <exception cref="ArgumentException">A name twice, or an element type that NumPy does not have.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> arrays, bool compress = false)
    {
        using var writer = new ZipWriter(stream);
        foreach (var (name, tensor) in arrays)
        {
            var member = new MemoryStream();
            NpyFile.Write(member, tensor);
            writer.Add(name + ".npy", member.GetBuffer().AsSpan(0, (int)member.Length), compress);
        }
    }

    /// <summary>Ends the mapping.</summary>
    public void Dispose() => zip.Dispose();
}
