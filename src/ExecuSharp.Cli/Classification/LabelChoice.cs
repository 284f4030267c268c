using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Cli.Classification;

/// <summary>The label set that a command line means.</summary>
internal static class LabelChoice
{
    private const string DefaultTemplate = "a photo of a {}.";

    /// <summary>Labels from the command line, a file, or the manifest.</summary>
    /// <exception cref="UsageException">There are none, or which list is meant is not said.</exception>
    public static LabelSet Read(ClassifierRequest request, ModelManifest manifest)
    {
        var set = Choose(Sets(request.Labels, manifest), request.LabelSet);
        var labels = set.Labels.Distinct(StringComparer.Ordinal).ToList();
        if (labels.Count == 0)
            throw new UsageException("--labels: the label list is empty");
        if (request.Templates.Count > 0)
            return set with { Labels = labels, Templates = request.Templates, Prompts = null };
        return set.Templates.Count > 0 || set.Prompts is not null ? set with { Labels = labels } : set with { Labels = labels, Templates = [DefaultTemplate] };
    }

    private static IReadOnlyList<LabelSet> Sets(string? labels, ModelManifest manifest)
    {
        if (labels is null)
            return manifest.Labels.Count > 0 ? manifest.Labels : throw new UsageException("--labels, --prototypes or --neighbours: one of them is needed, the manifest has no labels");
        return File.Exists(labels) ? LabelFile.Read(labels) : [new LabelSet("labels", [.. labels.Split(',').Select(l => l.Trim()).Where(l => l.Length > 0)], [])];
    }

    private static LabelSet Choose(IReadOnlyList<LabelSet> sets, string? name)
    {
        string names = string.Join(", ", sets.Select(s => s.Name));
        if (name is not null)
            return sets.FirstOrDefault(s => s.Name == name) ?? throw new UsageException($"--label-set {name}: the lists are {names}");
        return sets.Count == 1 ? sets[0] : throw new UsageException($"--label-set: which of {names}?");
    }
}
