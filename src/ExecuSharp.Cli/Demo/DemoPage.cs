using ExecuSharp.Cli.Output;
using ExecuSharp.Cli.Pages;

namespace ExecuSharp.Cli.Demo;

/// <summary>The demonstration as one self-contained HTML page.</summary>
internal static class DemoPage
{
    private const string Style = """
        .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: .8rem; }
        .picture { border: 1px solid var(--line); border-radius: 8px; padding: .7rem; display: flex; gap: .8rem; }
        .picture img { width: 84px; height: 84px; object-fit: contain; image-rendering: auto; flex: none; }
        .label { display: flex; justify-content: space-between; font-size: .85rem; gap: .4rem; }
        .label span:last-child { white-space: nowrap; }
        .bar { height: 5px; background: var(--line); border-radius: 3px; margin-bottom: .25rem; } .bar i { display: block; height: 5px; background: var(--bar); border-radius: 3px; }
        .first { font-weight: 600; } .truth { font-size: .75rem; opacity: .75; }
        """;

    public static string Write(DemoRun run)
    {
        var vision = run.Conversion.Programs.First(p => p.Name == "vision");
        var page = new HtmlPage("ExecuSharp demonstration", Style + SimilaritySections.Style)
            .Heading(1, "From checkpoint to .pte, proved")
            .Html("<p>").Html(HtmlPage.Text($"{run.Conversion.Model}: a small Perception Encoder, converted, compared with its source, measured, and used on {run.Answers.Count} pictures. "))
            .Html(HtmlPage.Verdict(run.Passed, run.Passed ? "Everything agrees with PyTorch." : "Something differs from PyTorch.")).Html("</p>")
            .Facts(
                ("same best label as PyTorch", Units.Text($"{run.Answers.Count(a => a.AgreesWithPyTorch)} of {run.Answers.Count}")),
                ("lowest cosine to PyTorch", Units.Cosine(run.Answers.Min(a => a.Cosine))),
                ("latency p50 / p95", $"{Units.Milliseconds(run.Benchmark.Latency.P50)} / {Units.Milliseconds(run.Benchmark.Latency.P95)}"),
                ("frames a second", Units.Text($"{run.Benchmark.FramesPerSecond:F0}")),
                ("checkpoint → vision.pte", $"{Units.Bytes(run.Conversion.SourceBytes)} → {Units.Bytes(vision.Bytes)}"),
                ("delegates (vision)", Units.Text($"{vision.Delegates}, {vision.DelegatedNodes} nodes")));
        Pictures(page, run);
        Programs(page, run);
        foreach (var program in run.Conversion.Programs.Where(p => p.Layers.Count > 0))
            page.Heading(2, $"Similarity per layer: {program.Name}").Layers(program.Layers);
        return page.End();
    }

    private static void Pictures(HtmlPage page, DemoRun run)
    {
        page.Html("<h2>Pictures</h2><div class=\"pictures\">");
        foreach (var answer in run.Answers)
        {
            string type = answer.Picture.Name.EndsWith(".png", StringComparison.Ordinal) ? "png" : "jpeg";
            page.Html("<div class=\"picture\"><img alt=\"").Html(HtmlPage.Text(answer.Picture.Truth)).Html("\" src=\"data:image/").Html(type).Html(";base64,").Html(Convert.ToBase64String(File.ReadAllBytes(answer.Picture.Path))).Html("\"><div style=\"flex:1\">");
            for (int i = 0; i < answer.Scores.Count; i++)
            {
                var score = answer.Scores[i];
                page.Html("<div class=\"label").Html(i == 0 ? " first" : "").Html("\"><span>").Html(HtmlPage.Text(score.Label)).Html("</span><span>").Html(Units.Percent(score.Probability)).Html("</span></div><div class=\"bar\"><i style=\"width:")
                    .Html(Units.Text($"{score.Probability * 100:F1}")).Html("%\"></i></div>");
            }
            page.Html("<div class=\"truth\">").Html(HtmlPage.Text($"shows {answer.Picture.Truth}; PyTorch: {answer.Picture.Recorded} ")).Html(HtmlPage.Verdict(answer.AgreesWithPyTorch, answer.AgreesWithPyTorch ? "✓" : "✗")).Html("</div></div></div>");
        }
        page.Html("</div>");
    }

    private static void Programs(HtmlPage page, DemoRun run) => page
        .Heading(2, "Programs")
        .Table(["program", "size", "delegates", "kernel calls", "planned memory", "cosine to source", "largest difference"], run.Conversion.Programs.Select(p => (IReadOnlyList<string>)[
            Path.GetFileName(p.Path), Units.Bytes(p.Bytes), Units.Text($"{p.Delegates}"), Units.Text($"{p.Operators.Values.Sum()}"), Units.Bytes(p.PlannedBytes), Units.Cosine(p.Comparison.Worst.Cosine), Units.Small(p.Comparison.Worst.MaxAbs),
        ]))
        .Paragraph(Units.Text($"Measured on this machine: {run.Benchmark.Threads} threads, vectors of {run.Benchmark.Width} bits, {run.Benchmark.Latency.Count} runs; load {run.Benchmark.ProgramLoad + run.Benchmark.MethodLoad:F1} ms, first run {run.Benchmark.FirstRun:F1} ms. The official exporter's program passes {run.Verification.Count(v => v.Status == Verification.CaseStatus.Pass)} of {run.Verification.Count} recorded cases in this runtime."));
}
