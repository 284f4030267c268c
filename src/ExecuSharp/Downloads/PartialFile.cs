using System.Security.Cryptography;

namespace ExecuSharp.Downloads;

/// <summary>
/// The bytes of a download that is under way: FILE.part, and FILE.part.version with what tells the remote file's versions apart. Both stay when a
/// download is interrupted. Nobody else may open the bytes meanwhile.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private const int BlockBytes = 1 << 16;

    private readonly string path;
    private readonly FileStream stream;
    private IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Opens the file, with what an earlier download left if its version is known.</summary>
    /// <exception cref="IOException">Another download of the same file is under way.</exception>
    public PartialFile(string target)
    {
        path = target + ".part";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Version = File.Exists(VersionPath) ? File.ReadAllText(VersionPath) : null;
        if (Version is null)
            stream.SetLength(0);
        var block = new byte[BlockBytes];
        for (int read; (read = stream.Read(block)) > 0;)
            hash.AppendData(block, 0, read);
        Resumed = stream.Length;
    }

    /// <summary>Version of the remote file that the bytes are of.</summary>
    public string? Version { get; private set; }

    /// <summary>Bytes that are here.</summary>
    public long Length => stream.Length;

    /// <summary>Bytes that an earlier download left and that were kept.</summary>
    public long Resumed { get; private set; }

    private string VersionPath => path + ".version";

    /// <summary>Begins again, with the bytes of a version.</summary>
    public void Restart(string? version)
    {
        stream.SetLength(0);
        hash.Dispose();
        hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Resumed = 0;
        Version = version;
        if (version is null)
            File.Delete(VersionPath);
        else
            File.WriteAllText(VersionPath, version);
    }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        hash.AppendData(bytes);
    }

    /// <summary>SHA-256 of all bytes in lower-case digits.</summary>
    public string Sha256() => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>Puts the file in its place.</summary>
    public void MoveTo(string target, bool overwrite)
    {
        stream.Flush(flushToDisk: true);
        stream.Dispose();
        File.Move(path, target, overwrite);
        File.Delete(VersionPath);
    }

    /// <summary>Throws the bytes away.</summary>
    public void Delete()
    {
        stream.Dispose();
        File.Delete(path);
        File.Delete(VersionPath);
    }

    /// <summary>Closes the file; its bytes stay.</summary>
    public void Dispose()
    {
        stream.Dispose();
        hash.Dispose();
    }
}
