using ExecuSharp.Core;

namespace ExecuSharp.Downloads;

/// <summary>A file of a repository on a model hub, addressed as the Hugging Face hub does: <c>{hub}/{repository}/resolve/{revision}/{path}</c>.</summary>
/// <param name="Repository">Owner and name: <c>facebook/PE-Core-T16-384</c>.</param>
/// <param name="Path">Path in the repository: <c>PE-Core-T16-384.pt</c>.</param>
/// <param name="Revision">Branch, tag or commit.</param>
public sealed record HubFile(string Repository, string Path, string Revision = "main")
{
    /// <summary>The last part of <see cref="Path"/>: the name of the local file.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The file of a model that is known by name, or of <c>OWNER/REPOSITORY</c>.</summary>
    /// <param name="model">A published name, or owner and repository.</param>
    /// <param name="path">A file in the repository; null for the registry's, or the one named as the repository with <c>.pt</c>.</param>
    /// <param name="revision">Branch, tag or commit.</param>
    /// <exception cref="UnsupportedModelException">The name is not in the registry and names no repository.</exception>
    /// <exception cref="ArgumentException">A part is no name.</exception>
    public static HubFile Of(string model, string? path = null, string revision = "main")
    {
        var known = Models.ModelRegistry.Default.Find(model);
        if (known?.Repository is null && !model.Contains('/', StringComparison.Ordinal))
            throw new UnsupportedModelException(model, [new UnsupportedItem($"the model name {model}", "the registry", "it names no published model and no OWNER/REPOSITORY; 'models' lists the names")]);
        string repository = known?.Repository ?? model;
        return new HubFile(repository, path ?? known?.File ?? repository[(repository.LastIndexOf('/') + 1)..] + ".pt", revision);
    }

    /// <summary>The address of the file.</summary>
    /// <param name="hub">The hub, with or without a path.</param>
    /// <exception cref="ArgumentException">Repository, path or revision has an empty part, or one of dots only.</exception>
    public Uri Address(Uri hub)
    {
        string[] parts = [.. Parts(Repository), "resolve", Uri.EscapeDataString(Revision), .. Parts(Path)];
        return new Uri(new Uri(hub.AbsoluteUri.TrimEnd('/') + "/"), string.Join('/', parts));
    }

    private static IEnumerable<string> Parts(string path) => path.Split('/').Select(p => p.Trim('.').Length > 0 && !p.Contains('\\', StringComparison.Ordinal)
        ? Uri.EscapeDataString(p)
        : throw new ArgumentException($"'{path}' is no path in a model hub"));
}
