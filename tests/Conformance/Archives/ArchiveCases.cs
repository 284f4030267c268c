using System.IO.Compression;

namespace ExecuSharp.Tests.Conformance.Archives;

/// <summary>The packed archive cases, by the path that they have in the recorded sets.</summary>
internal static class ArchiveCases
{
    private static readonly Dictionary<string, byte[]> Files = Load();

    /// <summary>Paths under a folder, sorted.</summary>
    public static IReadOnlyList<string> List(string folder) =>
        [.. Files.Keys.Where(k => k.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>True if there is such a file.</summary>
    public static bool Has(string path) => Files.ContainsKey(path);

    /// <summary>The bytes of a file.</summary>
    public static byte[] Read(string path) => Files[path];

    private static Dictionary<string, byte[]> Load()
    {
        using var zip = Corpus.Open("archives.zip");
        return zip.Entries.ToDictionary((ZipArchiveEntry e) => e.FullName, e => Corpus.Read(zip, e.FullName));
    }
}
