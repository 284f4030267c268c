using ExecuSharp.Cli.Conversions;
using ExecuSharp.Cli.Output;
using ExecuSharp.Compiler;
using ExecuSharp.Conversion;

namespace ExecuSharp.Cli.Pages;

/// <summary>The outcomes of <c>convert</c> as a page.</summary>
internal static class ConversionPage
{
    private const string Style = """
        .source { border-top: 2px solid var(--line); margin-top: 2.4rem; } pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 4px; padding: .6rem .8rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dd { margin: 0; overflow-wrap: anywhere; } dt { opacity: .8; } h3 { margin: 1.8rem 0 .4rem; } h4 { margin: 1.4rem 0 .3rem; } summary { cursor: pointer; margin: 1rem 0 .3rem; font-weight: 600; }
        """;

    /// <summary>Writes the page of one or several sources.</summary>
    public static string Write(IReadOnlyList<ConversionOutcome> outcomes, CompileOptions options)
    {
        var page = new HtmlPage("ExecuSharp conversion", Style + SimilaritySections.Style);
        int failed = outcomes.Count(o => o.Error is not null);
        page.Heading(1, "Conversion to .pte")
            .Html($"<p>For ExecuTorch {HtmlPage.Text($"{options.Target}, {(options.Backend == CompileBackend.Portable ? "portable kernels" : "XNNPACK")}")}. ")
            .Html(failed == 0 ? HtmlPage.Verdict(true, "Every program was run and compared with its source.") : HtmlPage.Verdict(false, $"{failed} of {Units.Count(outcomes.Count, "source")} not converted.")).Html("</p>");
        Totals(page, outcomes);
        Overview(page, outcomes);
        Unsupported(page, outcomes);
        for (int i = 0; i < outcomes.Count; i++)
            Source(page, outcomes[i], i);
        return page.End();
    }

    private static void Totals(HtmlPage page, IReadOnlyList<ConversionOutcome> outcomes)
    {
        var reports = outcomes.Where(o => o.Report is not null).Select(o => o.Report!).ToList();
        List<(string, string)> facts = [("sources converted", Units.Text($"{reports.Count} of {outcomes.Count}"))];
        if (reports.Count > 0)
        {
            facts.Add(("source → program", $"{Units.Bytes(reports.Sum(r => r.SourceBytes))} → {Units.Bytes(reports.Sum(ProgramBytes))}"));
            facts.Add(("lowest cosine to the source", Units.Cosine(reports.Min(r => r.LowestCosine))));
        }
        if (outcomes.Max(o => o.Code) is > ExitCodes.Done and var worst)
            facts.Add(("exit code", Units.Text($"{worst}")));
        page.Facts(facts);
    }

    private static void Overview(HtmlPage page, IReadOnlyList<ConversionOutcome> outcomes)
    {
        page.Heading(2, "Sizes");
        var rows = new List<(string[] Texts, string[] Cells)>();
        for (int i = 0; i < outcomes.Count; i++)
        {
            var (source, report, _) = outcomes[i];
            string link = $"<a href=\"#source-{i}\">{HtmlPage.Text(Path.GetFileName(source))}</a>";
            string[] texts = report is null
                ? ["", "", "", "", ""]
                : [Units.Bytes(report.SourceBytes), Units.Bytes(ProgramBytes(report)), Units.Percent((double)ProgramBytes(report) / report.SourceBytes), Units.Cosine(report.LowestCosine), Units.Text($"{report.Elapsed.TotalSeconds:F1} s")];
            rows.Add(([source, .. texts], [link + (report is null ? " " + HtmlPage.Verdict(false, $"exit code {outcomes[i].Code}") : ""), .. texts.Select(HtmlPage.Text)]));
        }
        page.Table(["source", "size", ".pte", "of the source", "lowest cosine", "time"], [.. rows.Select(r => r.Texts)], rows.Select(r => r.Cells));
    }

    private static void Unsupported(HtmlPage page, IReadOnlyList<ConversionOutcome> outcomes)
    {
        var items = outcomes.SelectMany(o => o.Unsupported.Select(u => (o.Source, Item: u))).OrderBy(u => u.Item.What, StringComparer.Ordinal).ToList();
        if (items.Count > 0)
            page.Heading(2, "Not supported").Table(["what", "source", "where", "why"], items.Select(u => (IReadOnlyList<string>)[u.Item.What, Path.GetFileName(u.Source), u.Item.Where, u.Item.Why]));
    }

    private static void Source(HtmlPage page, ConversionOutcome outcome, int index)
    {
        page.Html("<section class=\"source\">").Heading(2, Path.GetFileName(outcome.Source), $"source-{index}").Paragraph(outcome.Source, "small");
        if (outcome.Error is not null)
            page.Html($"<p>{HtmlPage.Verdict(false, $"Not converted, exit code {outcome.Code}.")}</p><pre>{HtmlPage.Text(outcome.Error.Message)}</pre>");
        if (outcome.Error is SimilarityException apart)
        {
            page.Outputs(apart.Comparison);
            if (apart.Layers.Count > 0)
                page.Heading(4, "Gap by operator").Layers(apart.Layers);
        }
        foreach (var program in outcome.Report?.Programs ?? [])
            ProgramSection.Write(page, program);
        if (outcome.Report?.ManifestPath is { } manifest)
            page.Paragraph($"Manifest: {manifest}", "small");
        page.Html("</section>");
    }

    // The methods of one program share a file.
    private static long ProgramBytes(ConversionReport report) => report.Programs.DistinctBy(p => p.Path).Sum(p => p.Bytes + p.DataBytes);
}
