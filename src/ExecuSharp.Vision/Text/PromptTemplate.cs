namespace ExecuSharp.Vision.Text;

/// <summary>A prompt with <c>{}</c> for the label, as in "a photo of a {}.".</summary>
public readonly record struct PromptTemplate
{
    /// <summary>Makes a template.</summary>
    /// <param name="text">Must contain <c>{}</c>.</param>
    /// <exception cref="ArgumentException">There is no <c>{}</c>.</exception>
    public PromptTemplate(string text)
    {
        if (!text.Contains("{}", StringComparison.Ordinal))
            throw new ArgumentException($"the template \"{text}\" has no {{}} for the label", nameof(text));
        Text = text;
    }

    /// <summary>The text with <c>{}</c>.</summary>
    public string Text { get; }

    /// <summary>The prompt for a label. The words for start and end of text are taken out of the label, since they would end the prompt early.</summary>
    /// <param name="label">Any text.</param>
    /// <param name="adaptArticle">Whether "a {}" becomes "an {}" before a label that begins with a, e, i, o or u.</param>
    public string Fill(string label, bool adaptArticle = false)
    {
        label = WithoutSpecialWords(label);
        string text = Text;
        if (adaptArticle && label.Length > 0 && "aeiouAEIOU".Contains(label[0]))
        {
            text = text.Replace(" a {}", " an {}", StringComparison.Ordinal);
            if (text.StartsWith("a {}", StringComparison.OrdinalIgnoreCase))
                text = text.Insert(1, "n");
        }
        return text.Replace("{}", label, StringComparison.Ordinal);
    }

    /// <summary>Every template filled with every label; the prompts of a label are neighbours.</summary>
    public static string[] Fill(IEnumerable<PromptTemplate> templates, IEnumerable<string> labels, bool adaptArticle = false)
    {
        var all = templates.ToArray();
        return [.. labels.SelectMany(label => all.Select(t => t.Fill(label, adaptArticle)))];
    }

    private static string WithoutSpecialWords(string label)
    {
        // Taking one out may put another together.
        string before;
        do
        {
            before = label;
            label = label.Replace(TextSplitter.StartOfText, "", StringComparison.OrdinalIgnoreCase)
                .Replace(TextSplitter.EndOfText, "", StringComparison.OrdinalIgnoreCase);
        }
        while (label != before);
        return label;
    }
}
