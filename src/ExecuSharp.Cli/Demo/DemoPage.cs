using System.Net;
using System.Text;
using ExecuSharp.Cli.Output;

namespace ExecuSharp.Cli.Demo;

/// <summary>The demonstration as one self-contained HTML page.</summary>
internal static class DemoPage
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --good: #2a7f3f; --bar: #4a7dd0; }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1100px; padding: 0 1rem; }
        h1 { margin-bottom: .2rem; } h2 { margin-top: 2.2rem; }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: .8rem; margin: 1.2rem 0; }
        .fact { border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem; }
        .fact b { display: block; font-size: 1.45rem; }
        .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: .8rem; }
        .picture { border: 1px solid var(--line); border-radius: 8px; padding: .7rem; display: flex; gap: .8rem; }
        .picture img { width: 84px; height: 84px; object-fit: contain; image-rendering: auto; flex: none; }
        .label { display: flex; justify-content: space-between; font-size: .85rem; gap: .4rem; }
        .label span:last-child { white-space: nowrap; }
        .bar { height: 5px; background: var(--line); border-radius: 3px; margin-bottom: .25rem; } .bar i { display: block; height: 5px; background: var(--bar); border-radius: 3px; }
        .first { font-weight: 600; } .truth { font-size: .75rem; opacity: .75; }
        table { border-collapse: collapse; width: 100%; } td, th { text-align: right; padding: .3rem .5rem; border-bottom: 1px solid var(--line); } td:first-child, th:first-child, td.left { text-align: left; }
        .good { color: var(--good); font-weight: 600; } .bad { color: #c0392b; font-weight: 600; }
        """;

    public static string Write(DemoRun run)
    {
        var page = new StringBuilder();
        var vision = run.Conversion.Programs.First(p => p.Name == "vision");
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>ExecuSharp demonstration</title><style>")
            .Append(Style).Append("</style></head><body><h1>From checkpoint to .pte, proved</h1><p>")
            .Append(Text($"{run.Conversion.Model}: a small Perception Encoder, converted, compared with its source, measured, and used on {run.Answers.Count} pictures. "))
            .Append(run.Passed ? "<span class=\"good\">Everything agrees with PyTorch.</span>" : "<span class=\"bad\">Something differs from PyTorch.</span>").Append("</p><div class=\"facts\">");
        Fact(page, "same best label as PyTorch", Units.Text($"{run.Answers.Count(a => a.AgreesWithPyTorch)} of {run.Answers.Count}"));
        Fact(page, "lowest cosine to PyTorch", Units.Cosine(run.Answers.Min(a => a.Cosine)));
        Fact(page, "latency p50 / p95", $"{Units.Milliseconds(run.Benchmark.Latency.P50)} / {Units.Milliseconds(run.Benchmark.Latency.P95)}");
        Fact(page, "frames a second", Units.Text($"{run.Benchmark.FramesPerSecond:F0}"));
        Fact(page, "checkpoint → vision.pte", $"{Units.Bytes(run.Conversion.SourceBytes)} → {Units.Bytes(vision.Bytes)}");
        Fact(page, "delegates (vision)", Units.Text($"{vision.Delegates}, {vision.DelegatedNodes} nodes"));
        page.Append("</div>");
        Pictures(page, run);
        Programs(page, run);
        Layers(page, run);
        return page.Append("</body></html>").ToString();
    }

    private static void Fact(StringBuilder page, string name, string value) => page.Append("<div class=\"fact\"><b>").Append(Text(value)).Append("</b>").Append(Text(name)).Append("</div>");

    private static void Pictures(StringBuilder page, DemoRun run)
    {
        page.Append("<h2>Pictures</h2><div class=\"pictures\">");
        foreach (var answer in run.Answers)
        {
            string type = answer.Picture.Name.EndsWith(".png", StringComparison.Ordinal) ? "png" : "jpeg";
            page.Append("<div class=\"picture\"><img alt=\"").Append(Text(answer.Picture.Truth)).Append("\" src=\"data:image/").Append(type).Append(";base64,").Append(Convert.ToBase64String(File.ReadAllBytes(answer.Picture.Path))).Append("\"><div style=\"flex:1\">");
            for (int i = 0; i < answer.Scores.Count; i++)
            {
                var score = answer.Scores[i];
                page.Append("<div class=\"label").Append(i == 0 ? " first" : "").Append("\"><span>").Append(Text(score.Label)).Append("</span><span>").Append(Units.Percent(score.Probability)).Append("</span></div><div class=\"bar\"><i style=\"width:")
                    .Append(Units.Text($"{score.Probability * 100:F1}")).Append("%\"></i></div>");
            }
            page.Append("<div class=\"truth\">").Append(Text($"shows {answer.Picture.Truth}; PyTorch: {answer.Picture.Recorded} ")).Append(answer.AgreesWithPyTorch ? "<span class=\"good\">✓</span>" : "<span class=\"bad\">✗</span>").Append("</div></div></div>");
        }
        page.Append("</div>");
    }

    private static void Programs(StringBuilder page, DemoRun run)
    {
        page.Append("<h2>Programs</h2><table><tr><th>program</th><th>size</th><th>delegates</th><th>kernel calls</th><th>planned memory</th><th>cosine to source</th><th>largest difference</th></tr>");
        foreach (var p in run.Conversion.Programs)
            page.Append(Text($"{Path.GetFileName(p.Path)}").Wrap("td")).Append(Units.Bytes(p.Bytes).Wrap("td")).Append(Units.Text($"{p.Delegates}").Wrap("td")).Append(Units.Text($"{p.Operators.Values.Sum()}").Wrap("td")).Append(Units.Bytes(p.PlannedBytes).Wrap("td")).Append(Units.Cosine(p.Comparison.Worst.Cosine).Wrap("td")).Append(Units.Small(p.Comparison.Worst.MaxAbs).Wrap("td")).Append("</tr><tr>");
        page.Append("</tr></table><p>").Append(Text(Units.Text($"Measured on this machine: {run.Benchmark.Threads} threads, vectors of {run.Benchmark.Width} bits, {run.Benchmark.Latency.Count} runs; load {run.Benchmark.ProgramLoad + run.Benchmark.MethodLoad:F1} ms, first run {run.Benchmark.FirstRun:F1} ms. The official exporter's program passes {run.Verification.Count(v => v.Status == Verification.CaseStatus.Pass)} of {run.Verification.Count} recorded cases in this runtime."))).Append("</p>");
    }

    private static void Layers(StringBuilder page, DemoRun run)
    {
        foreach (var program in run.Conversion.Programs.Where(p => p.Layers.Count > 0))
        {
            page.Append("<h2>Similarity per layer: ").Append(Text(program.Name)).Append("</h2><table><tr><th>value</th><th class=\"left\">operator</th><th>cosine</th><th>largest difference</th></tr>");
            foreach (var layer in program.Layers)
                page.Append("<tr>").Append(Text(layer.Name).Wrap("td")).Append("<td class=\"left\">").Append(Text(layer.Operator)).Append("</td>").Append(Units.Text($"{layer.Gap.Cosine:F8}").Wrap("td")).Append(Units.Small(layer.Gap.MaxAbs).Wrap("td")).Append("</tr>");
            page.Append("</table>");
        }
    }

    private static string Wrap(this string text, string tag) => $"<{tag}>{text}</{tag}>";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
