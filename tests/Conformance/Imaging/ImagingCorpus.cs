using System.IO.Compression;

namespace ExecuSharp.Tests.Conformance.Imaging;

/// <summary>Recorded cases of the sets perception-encoder and demo: the full folders where they are, else the packed subset.</summary>
internal static class ImagingCorpus
{
    private static readonly string Root = FindRoot();
    private static readonly string Shared = Path.GetFullPath(Path.Combine(Root, "..", "shared", "conformance"));
    private static readonly Lazy<Dictionary<string, byte[]>> Packed = new(Unpack);

    public static bool IsFull => Directory.Exists(Shared);

    /// <summary>Paths below the conformance folder that start with <paramref name="folder"/> and end with <paramref name="extension"/>.</summary>
    public static IEnumerable<string> List(string folder, string extension) => (IsFull
        ? Directory.EnumerateFiles(Path.Combine(Shared, folder)).Select(f => folder + "/" + Path.GetFileName(f))
        : Packed.Value.Keys.Where(k => k.StartsWith(folder + "/", StringComparison.Ordinal)))
        .Where(f => f.EndsWith(extension, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static bool Exists(string path) => IsFull ? File.Exists(Path.Combine(Shared, path)) : Packed.Value.ContainsKey(path);

    public static byte[] Read(string path) => IsFull ? File.ReadAllBytes(Path.Combine(Shared, path)) : Packed.Value[path];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ExecuSharp.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }

    private static Dictionary<string, byte[]> Unpack()
    {
        using var zip = ZipFile.OpenRead(Path.Combine(Root, "tests", "corpus", "imaging.zip"));
        var files = new Dictionary<string, byte[]>();
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            files[entry.FullName] = memory.ToArray();
        }
        return files;
    }
}
