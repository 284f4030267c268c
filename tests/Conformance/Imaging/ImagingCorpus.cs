namespace ExecuSharp.Tests.Conformance.Imaging;

/// <summary>Recorded cases of the sets perception-encoder and demo: the full folders where they are, else the packed subset of the same paths.</summary>
internal static class ImagingCorpus
{
    private static readonly Lazy<Dictionary<string, byte[]>> Packed = new(Unpack);

    /// <summary>Paths below the conformance folder that start with <paramref name="folder"/> and end with <paramref name="extension"/>.</summary>
    public static IEnumerable<string> List(string folder, string extension) => (SharedFolder.Path is not null
        ? Directory.EnumerateFiles(Shared(folder)).Select(f => folder + "/" + Path.GetFileName(f))
        : Packed.Value.Keys.Where(k => k.StartsWith(folder + "/", StringComparison.Ordinal)))
        .Where(f => f.EndsWith(extension, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static bool Exists(string path) => SharedFolder.Path is not null ? File.Exists(Shared(path)) : Packed.Value.ContainsKey(path);

    public static byte[] Read(string path) => SharedFolder.Path is not null ? File.ReadAllBytes(Shared(path)) : Packed.Value[path];

    private static string Shared(string path) => SharedFolder.Get("conformance", path);

    private static Dictionary<string, byte[]> Unpack()
    {
        using var zip = Corpus.Open("imaging.zip");
        return zip.Entries.ToDictionary(e => e.FullName, e => Corpus.Read(zip, e.FullName));
    }
}
