namespace ExecuSharp.Models.Manifest;

/// <summary>Labels for zero-shot classification.</summary>
/// <param name="Name">Name of the set.</param>
/// <param name="Labels">Labels.</param>
/// <param name="Templates">Sentences with <c>{}</c> where the label goes; several are averaged. A label is its own sentence if there is none.</param>
public sealed record LabelSet(string Name, IReadOnlyList<string> Labels, IReadOnlyList<string> Templates)
{
    /// <summary>Whether "a {}" becomes "an {}" before a label that begins with a vowel.</summary>
    public bool AdaptArticle { get; init; }

    /// <summary>Sentences of single labels, used instead of the templates.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Prompts { get; init; }
}
