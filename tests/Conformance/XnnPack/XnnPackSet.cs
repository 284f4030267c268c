using System.IO.Compression;
using System.Text.Json;

namespace ExecuSharp.Tests.Conformance.XnnPack;

/// <summary>The recorded XNNPACK programs: the full set beside the repository, or the packed part of it.</summary>
public sealed class XnnPackSet : IDisposable
{
    private readonly ZipArchive? archive;

    private XnnPackSet(ZipArchive? archive)
    {
        this.archive = archive;
    }

    /// <summary>The full set.</summary>
    public static XnnPackSet Full() => new(null);

    /// <summary>The part that the repository carries.</summary>
    public static XnnPackSet Packed() => new(Corpus.Open("xnnpack.zip"));

    /// <summary>A file of the set.</summary>
    public byte[] Read(string name) => archive is null ? File.ReadAllBytes(SharedFolder.Get("conformance", "xnnpack", name)) : Corpus.Read(archive, name);

    /// <summary>A table of the set.</summary>
    public JsonElement Json(string name)
    {
        using var document = JsonDocument.Parse(Read(name));
        return document.RootElement.Clone();
    }

    /// <inheritdoc/>
    public void Dispose() => archive?.Dispose();
}
