using ExecuSharp.Core;
using ExecuSharp.Formats.Io;

namespace ExecuSharp.Formats.Onnx;

/// <summary>External data in the model's folder. Files are mapped and stay mapped until this is disposed.</summary>
public sealed class ExternalFolder : IExternalFiles, IDisposable
{
    private readonly string root;
    private readonly Dictionary<string, ByteSource> open = new(StringComparer.Ordinal);

    /// <summary>External data beside a model file.</summary>
    /// <param name="folder">The model's folder.</param>
    public ExternalFolder(string folder) => root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Read(string location, long offset, long length)
    {
        string path = Resolve(location);
        if (!open.TryGetValue(path, out var source))
            open.Add(path, source = ByteSource.Open(path));
        return source.Slice(offset, length, "external data");
    }

    /// <summary>Bytes of the files that were read from.</summary>
    public long Length => open.Values.Sum(s => s.Length);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var source in open.Values)
            source.Dispose();
    }

    private string Resolve(string location)
    {
        if (location.Length == 0 || location.Contains('\0') || location.Contains(':') || location[0] is '/' or '\\' || Path.IsPathRooted(location))
            throw new ModelFormatException("location", "a path relative to the model's folder", $"\"{location}\"");
        string path = Path.GetFullPath(Path.Combine(root, location.Replace('\\', '/')));
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ModelFormatException("location", "a path inside the model's folder", $"\"{location}\"");
        // A link inside the folder must not lead out of it.
        for (string? part = path; part is not null && part.Length > root.Length; part = Path.GetDirectoryName(part))
            if (File.Exists(part) || Directory.Exists(part))
                if (new FileInfo(part).ResolveLinkTarget(true) is { } target && !target.FullName.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                    throw new ModelFormatException("location", "a path inside the model's folder", $"\"{location}\", a link to another folder");
        return path;
    }
}
