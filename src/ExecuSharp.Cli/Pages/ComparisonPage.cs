using ExecuSharp.Cli.Output;
using ExecuSharp.Comparison;

namespace ExecuSharp.Cli.Pages;

/// <summary>The result of <c>compare</c> as a page.</summary>
internal static class ComparisonPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="comparison">The outputs.</param>
    /// <param name="a">Path of the first model.</param>
    /// <param name="b">Path of the second model.</param>
    /// <param name="layers">The gap behind every operator of the first, or none.</param>
    /// <param name="minimum">The cosine that is asked for, if one is.</param>
    public static string Write(ModelComparison comparison, string a, string b, IReadOnlyList<LayerGap> layers, double? minimum)
    {
        var page = new HtmlPage("ExecuSharp comparison", SimilaritySections.Style).Heading(1, "Two models on the same inputs").Table(["model", "size"], new[] { a, b }.Select(f => (IReadOnlyList<string>)[f, Units.Bytes(new FileInfo(f).Length)]));
        if (minimum is { } limit)
            page.Html($"<p>{HtmlPage.Verdict(comparison.Worst.Cosine >= limit, Units.Text($"Lowest cosine {comparison.Worst.Cosine:F6}; {limit} is asked for."))}</p>");
        page.Heading(2, "Outputs").Outputs(comparison);
        if (layers.Count > 0)
            page.Heading(2, "Gap by operator").Layers(layers);
        return page.End();
    }
}
