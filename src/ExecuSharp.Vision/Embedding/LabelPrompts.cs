using ExecuSharp.Models.Manifest;
using ExecuSharp.Vision.Text;

namespace ExecuSharp.Vision.Embedding;

/// <summary>The sentences that stand for labels.</summary>
public static class LabelPrompts
{
    /// <summary>The sentences of each label, in the order of the set: its own ones, else the filled templates, else the label itself.</summary>
    /// <exception cref="ArgumentException">A template has no <c>{}</c>.</exception>
    public static string[][] Of(LabelSet labels)
    {
        var templates = labels.Templates.Select(t => new PromptTemplate(t)).ToArray();
        return [.. labels.Labels.Select(label => labels.Prompts is { } own && own.TryGetValue(label, out var prompts) && prompts.Count > 0
            ? [.. prompts]
            : templates.Length == 0 ? [label] : PromptTemplate.Fill(templates, [label], labels.AdaptArticle))];
    }
}
