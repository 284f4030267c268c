using System.IO.Compression;

namespace ExecuSharp.Tests.Conformance;

/// <summary>The recorded cases that the repository carries, packed in tests/corpus.</summary>
public static class Corpus
{
    /// <summary>The folder.</summary>
    public static string Folder { get; } = Find();

    /// <summary>Opens a packed set.</summary>
    public static ZipArchive Open(string name) => ZipFile.OpenRead(Path.Combine(Folder, name));

    /// <summary>Reads an entry of a packed set.</summary>
    public static byte[] Read(ZipArchive archive, string entry)
    {
        using var stream = (archive.GetEntry(entry) ?? throw new FileNotFoundException(entry)).Open();
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ExecuSharp.slnx")))
                return Path.Combine(folder.FullName, "tests", "corpus");
        throw new DirectoryNotFoundException("tests/corpus");
    }
}
