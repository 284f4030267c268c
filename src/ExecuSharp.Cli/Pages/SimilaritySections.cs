using ExecuSharp.Cli.Output;
using ExecuSharp.Comparison;

namespace ExecuSharp.Cli.Pages;

/// <summary>How alike two models are, for pages.</summary>
internal static class SimilaritySections
{
    private const int Shown = 20;

    /// <summary>Style sheet of these sections.</summary>
    public const string Style = """
        .chart { display: block; width: 100%; max-width: 720px; margin: .6rem 0; } .chart line { stroke: var(--line); } .chart text { font-size: 11px; fill: currentColor; opacity: .75; } .chart rect { fill: var(--bar); }
        """;

    /// <summary>Adds a table of outputs.</summary>
    public static HtmlPage Outputs(this HtmlPage page, ModelComparison comparison) => page
        .Table(["output", "cosine", "SQNR", "largest difference", "top-1"], comparison.Outputs.Select((o, i) => (IReadOnlyList<string>)[
            Units.Text($"output {i}"), Units.Cosine(o.Cosine), Units.Decibels(o.Sqnr), Units.Small(o.MaxAbs), o.TopAgrees ? "agrees" : "differs",
        ]))
        .Paragraph($"The worst of {Units.Count(comparison.Rounds, "input")}.", "small");

    /// <summary>Adds the gap behind every operator: all as a chart, the worst as a table.</summary>
    public static HtmlPage Layers(this HtmlPage page, IReadOnlyList<LayerGap> layers) => page
        .Paragraph(Units.Text($"Error relative to the value behind each of {Units.Count(layers.Count, "operator")}, in the order of the graph; the worst {Math.Min(Shown, layers.Count)} below."), "small")
        .Html(LayerChart.Draw(layers))
        .Table(["value", "operator", "cosine", "SQNR", "largest difference"], LayerGap.WorstFirst(layers).Take(Shown).Select(l => (IReadOnlyList<string>)[
            l.Name, l.Operator, Units.Cosine(l.Gap.Cosine), Units.Decibels(l.Gap.Sqnr), Units.Small(l.Gap.MaxAbs),
        ]));
}
