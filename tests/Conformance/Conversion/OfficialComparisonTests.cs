using System.Text;
using ExecuSharp.Core;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>docs/convert.md: what our programs of the recorded models cost, beside the official exporter's.</summary>
public sealed class OfficialComparisonTests
{
    private const string Begin = "<!-- models -->", End = "<!-- end of models -->";

    private static string Document => Path.Combine(Corpus.Folder, "..", "..", "docs", "convert.md");

    [SharedFact]
    public void The_document_states_every_recorded_model_and_a_reason_for_every_larger_cell()
    {
        var table = new StringBuilder();
        var larger = new List<(string Row, string Column)>();
        foreach (var (source, backend, program) in OfficialComparison.Recorded())
        {
            OfficialComparison comparison;
            try
            {
                comparison = OfficialComparison.Of(source, backend, program);
            }
            catch (UnsupportedModelException)
            {
                table.Append($"| {OfficialComparison.Name(source)} | {backend} | not converted |\n");
                continue;
            }
            table.Append(comparison.Row()).Append('\n');
            larger.AddRange(comparison.Larger().Select(c => ($"{comparison.Model} {backend}", c)));
        }
        string text = File.ReadAllText(Document);
        int from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, to = text.IndexOf(End, StringComparison.Ordinal);
        string head = text[..from], old = text[from..to], tail = text[to..];
        int section = tail.IndexOf("\n## ", tail.IndexOf("\n## ", StringComparison.Ordinal) + 4, StringComparison.Ordinal);
        string reasons = section < 0 ? tail : tail[..section];
        string start = old[..(old.LastIndexOf("|---|", StringComparison.Ordinal) + 6)];
        string wanted = start + table;
        // EXECUSHARP_UPDATE_DOCS=1 writes the table anew; the reasons below it are written by hand.
        if (Environment.GetEnvironmentVariable("EXECUSHARP_UPDATE_DOCS") == "1")
            File.WriteAllText(Document, head + wanted + tail);
        else
            Assert.Equal(wanted, old);
        var missing = larger.Where(l => !reasons.Contains($"| {l.Row} | {l.Column} |", StringComparison.Ordinal)).Select(l => $"{l.Row}: {l.Column}").ToList();
        Assert.True(missing.Count == 0, $"docs/convert.md gives no reason for {string.Join(", ", missing)}");
        var outdated = reasons.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal) && l.Split('|') is [_, var row, var column, ..] && !larger.Contains((row.Trim(), column.Trim())) && row.Trim() != "program").ToList();
        Assert.True(outdated.Count == 0, $"docs/convert.md gives reasons for what is not larger: {string.Join("\n", outdated)}");
    }
}
