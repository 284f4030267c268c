using System.Text;
using ExecuSharp.Cli.Output;
using ExecuSharp.Comparison;

namespace ExecuSharp.Cli.Pages;

/// <summary>
/// The gap behind each operator as a bar chart in SVG, in the order of the graph. A bar is the error relative to the value,
/// 10^(−SQNR/20), on a logarithmic axis; equal values have none. Many operators share bars, each as high as the worst of its own.
/// </summary>
internal static class LayerChart
{
    private const int Left = 44, Top = 8, Width = 430, Height = 130, MaxBars = 215;
    private const int Decades = 8;

    /// <summary>The chart as an SVG element.</summary>
    public static string Draw(IReadOnlyList<LayerGap> layers)
    {
        var svg = new StringBuilder($"<svg class=\"chart\" viewBox=\"0 0 {Left + Width + 6} {Top + Height + 22}\" role=\"img\" aria-label=\"relative error behind each operator\">");
        for (int decade = 0; decade <= Decades; decade += 2)
        {
            double y = Top + (Height * decade / (double)Decades);
            svg.Append(Units.Text($"<line x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{y:F1}\" y2=\"{y:F1}\"/><text x=\"{Left - 6}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{(decade == 0 ? "1" : $"1e-{decade}")}</text>"));
        }
        int bars = Math.Min(MaxBars, layers.Count);
        for (int i = 0; i < bars; i++)
        {
            int first = (int)((long)i * layers.Count / bars), end = (int)((long)(i + 1) * layers.Count / bars);
            var worst = LayerGap.WorstFirst(layers.Skip(first).Take(end - first)).First();
            double height = Height * Part(worst.Gap.Sqnr), step = Width / (double)bars;
            svg.Append(Units.Text($"<rect x=\"{Left + (i * step):F2}\" y=\"{Top + Height - height:F1}\" width=\"{Math.Min(step * 0.8, 14):F2}\" height=\"{height:F1}\"><title>{HtmlPage.Text($"{worst.Name} ({worst.Operator}): SQNR {Units.Decibels(worst.Gap.Sqnr)}")}</title></rect>"));
        }
        return svg.Append($"<text x=\"{Left}\" y=\"{Top + Height + 16}\">first operator</text><text x=\"{Left + Width}\" y=\"{Top + Height + 16}\" text-anchor=\"end\">last</text></svg>").ToString();
    }

    // 1 for an error as large as the value, 0 for one of 1e-8 or less; errors that show at all keep a pixel.
    private static double Part(double sqnr) => double.IsPositiveInfinity(sqnr) ? 0 : Math.Clamp(1 - (sqnr / (20 * Decades)), 0.01, 1);
}
