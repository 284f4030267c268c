using System.Text.Json.Nodes;
using ExecuSharp.Cli.Conversions;
using ExecuSharp.Comparison;
using ExecuSharp.Conversion;

namespace ExecuSharp.Cli.Output;

/// <summary>A conversion as text and JSON.</summary>
internal static class ConversionText
{
    /// <summary>A source's result as JSON: the conversion, or the error.</summary>
    public static JsonObject Json(ConversionOutcome outcome) => outcome.Report is { } report ? Json(report) : new JsonObject
    {
        ["source"] = outcome.Source,
        ["error"] = outcome.Error!.Message,
        ["exitCode"] = outcome.Code,
        ["unsupported"] = JsonText.Array(outcome.Unsupported, u => new JsonObject { ["what"] = u.What, ["where"] = u.Where, ["why"] = u.Why }),
    };

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
            ["data"] = p.DataPath,
            ["dataBytes"] = p.DataBytes,
            ["delegates"] = p.Delegates,
            ["delegatedNodes"] = p.DelegatedNodes,
            ["plannedBytes"] = p.PlannedBytes,
            ["operators"] = new JsonObject(p.Operators.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))),
            ["outputs"] = JsonText.Array(p.Comparison.Outputs, Similarity),
            ["layers"] = JsonText.Array(p.Layers, Layer),
            ["outside"] = new JsonObject(p.Reasons.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))),
        }),
    };

    public static JsonObject Layer(LayerGap l) => new()
    {
        ["index"] = l.Index,
        ["name"] = l.Name,
        ["operator"] = l.Operator,
        ["cosine"] = JsonText.Number(l.Gap.Cosine),
        ["sqnr"] = JsonText.Number(l.Gap.Sqnr),
        ["maxAbs"] = JsonText.Number(l.Gap.MaxAbs),
    };

    public static JsonObject Similarity(Similarity s) => new()
    {
        ["cosine"] = JsonText.Number(s.Cosine),
        ["sqnr"] = JsonText.Number(s.Sqnr),
        ["maxAbs"] = JsonText.Number(s.MaxAbs),
        ["topAgrees"] = s.TopAgrees,
    };

    /// <summary>Writes a summary of a conversion.</summary>
    /// <param name="reporter">Target.</param>
    /// <param name="report">The conversion.</param>
    /// <param name="layers">Also the gap behind the operators that are worst.</param>
    /// <param name="explain">Also why operators stayed outside the delegates.</param>
    public static void Write(Reporter reporter, ConversionReport report, bool layers, bool explain)
    {
        reporter.Line($"{report.Model} ({Units.Bytes(report.SourceBytes)}) converted in {Units.Text($"{report.Elapsed.TotalSeconds:F1} s")}");
        reporter.Table(["program", "size", "delegates", "kernel calls", "memory", "cosine", "max. diff."], report.Programs.Select(p => new[]
        {
            report.Programs.Count(o => o.Path == p.Path) > 1 ? $"{Path.GetFileName(p.Path)} {p.Name}" : Path.GetFileName(p.Path), Units.Bytes(p.Bytes), Units.Text($"{p.Delegates} ({p.DelegatedNodes} nodes)"), Units.Text($"{p.Operators.Values.Sum()}"), Units.Bytes(p.PlannedBytes),
            Units.Cosine(p.Comparison.Worst.Cosine), Units.Small(p.Comparison.Worst.MaxAbs),
        }));
        foreach (var program in report.Programs)
            Details(reporter, program, layers, explain);
        if (report.ManifestPath is not null)
            reporter.Line($"manifest: {report.ManifestPath}");
    }

    /// <summary>What stayed outside the delegates, by reason.</summary>
    public static IEnumerable<(string Names, string Why)> Outside(ProgramReport program) => program.Reasons.GroupBy(r => r.Value, r => r.Key, StringComparer.Ordinal).Select(g => (string.Join(", ", g), g.Key));

    /// <summary>Writes what was asked for beyond the summary.</summary>
    public static void Details(Reporter reporter, ProgramReport program, bool layers, bool explain)
    {
        if (layers && program.Layers.Count > 0)
            Layers(reporter, program.Layers);
        if (explain)
            Outside(reporter, program);
    }

    private static void Outside(Reporter reporter, ProgramReport program)
    {
        reporter.Line(program.Reasons.Count == 0 ? "nothing is outside the delegates" : "outside the delegates:");
        foreach (var (names, why) in Outside(program))
            Columns.Text(reporter, $"{names}: {why}", 2);
    }

    public static void Layers(Reporter reporter, IReadOnlyList<LayerGap> layers) =>
        reporter.Table(["value, worst first", "operator", "cosine", "SQNR", "max. diff."], LayerGap.WorstFirst(layers).Take(10).Select(l => new[]
        {
            l.Name, l.Operator, Units.Cosine(l.Gap.Cosine), Units.Decibels(l.Gap.Sqnr), Units.Small(l.Gap.MaxAbs),
        }));
}
