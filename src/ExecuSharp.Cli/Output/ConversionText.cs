using System.Text.Json.Nodes;
using ExecuSharp.Comparison;
using ExecuSharp.Conversion;

namespace ExecuSharp.Cli.Output;

/// <summary>A conversion as text and JSON.</summary>
internal static class ConversionText
{
    public static JsonObject Json(ConversionReport report) => new()
    {
        ["source"] = report.Source,
        ["model"] = report.Model,
        ["sourceBytes"] = report.SourceBytes,
        ["manifest"] = report.ManifestPath,
        ["seconds"] = report.Elapsed.TotalSeconds,
        ["programs"] = JsonText.Array(report.Programs, p => new JsonObject
        {
            ["name"] = p.Name,
            ["path"] = p.Path,
            ["bytes"] = p.Bytes,
            ["sha256"] = p.Sha256,
            ["delegates"] = p.Delegates,
            ["delegatedNodes"] = p.DelegatedNodes,
            ["plannedBytes"] = p.PlannedBytes,
            ["operators"] = new JsonObject(p.Operators.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))),
            ["outputs"] = JsonText.Array(p.Comparison.Outputs, Similarity),
            ["layers"] = JsonText.Array(p.Layers, l => new JsonObject { ["index"] = l.Index, ["name"] = l.Name, ["operator"] = l.Operator, ["cosine"] = JsonText.Number(l.Gap.Cosine), ["maxAbs"] = JsonText.Number(l.Gap.MaxAbs) }),
            ["outside"] = new JsonObject(p.Reasons.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))),
        }),
    };

    public static JsonObject Similarity(Similarity s) => new()
    {
        ["cosine"] = JsonText.Number(s.Cosine),
        ["sqnr"] = JsonText.Number(s.Sqnr),
        ["maxAbs"] = JsonText.Number(s.MaxAbs),
        ["topAgrees"] = s.TopAgrees,
    };

    public static void Write(Reporter reporter, ConversionReport report, bool explain)
    {
        reporter.Line($"{report.Model} ({Units.Bytes(report.SourceBytes)}) converted in {Units.Text($"{report.Elapsed.TotalSeconds:F1} s")}");
        reporter.Table(["program", "size", "delegates", "kernel calls", "memory", "cosine", "max. diff."], report.Programs.Select(p => new[]
        {
            report.Programs.Count(o => o.Path == p.Path) > 1 ? $"{Path.GetFileName(p.Path)} {p.Name}" : Path.GetFileName(p.Path), Units.Bytes(p.Bytes), Units.Text($"{p.Delegates} ({p.DelegatedNodes} nodes)"), Units.Text($"{p.Operators.Values.Sum()}"), Units.Bytes(p.PlannedBytes),
            Units.Cosine(p.Comparison.Worst.Cosine), Units.Small(p.Comparison.Worst.MaxAbs),
        }));
        foreach (var program in report.Programs)
        {
            if (program.Layers.Count > 0)
                Layers(reporter, program.Layers);
            if (explain)
                reporter.Table(["outside the delegates", "why"], program.Reasons.Select(r => new[] { r.Key, r.Value }), alignRight: false);
        }
        if (report.ManifestPath is not null)
            reporter.Line($"manifest: {report.ManifestPath}");
    }

    public static void Layers(Reporter reporter, IReadOnlyList<LayerGap> layers) =>
        reporter.Table(["value, worst first", "operator", "cosine", "max. diff."], layers.OrderBy(l => l.Gap.Cosine).ThenByDescending(l => l.Gap.MaxAbs).Take(10).Select(l => new[]
        {
            l.Name, l.Operator, Units.Cosine(l.Gap.Cosine), Units.Small(l.Gap.MaxAbs),
        }));
}
