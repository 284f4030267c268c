using ExecuSharp.Cli.Output;

namespace ExecuSharp.Cli.Conversions;

/// <summary>The outcomes of several sources as text.</summary>
internal static class BatchText
{
    /// <summary>Writes what was converted, what was not and why, and everything unsupported of all sources.</summary>
    public static void Write(Reporter reporter, IReadOnlyList<ConversionOutcome> outcomes, bool layers, bool explain)
    {
        var made = outcomes.Where(o => o.Report is not null).Select(o => o.Report!).ToList();
        reporter.Line($"{made.Count} of {outcomes.Count} sources converted");
        if (made.Count > 0)
            reporter.Table(["program", "source", ".pte", "delegates", "kernel calls", "cosine"], made.SelectMany(r => r.Programs.Select(p => new[]
            {
                Path.GetFileName(p.Path), Units.Bytes(r.SourceBytes), Units.Bytes(p.Bytes + p.DataBytes), Units.Text($"{p.Delegates}"), Units.Text($"{p.Operators.Values.Sum()}"), Units.Cosine(p.Comparison.Worst.Cosine),
            })));
        foreach (var program in layers || explain ? made.SelectMany(r => r.Programs) : [])
        {
            reporter.Line($"{Path.GetFileName(program.Path)}:");
            ConversionText.Details(reporter, program, layers, explain);
        }
        if (made.Count < outcomes.Count)
            reporter.Line("not converted:");
        foreach (var failed in outcomes.Where(o => o.Error is not null))
            Columns.Text(reporter, $"{failed.Source} (exit code {failed.Code}): {WithoutName(failed)}", 2);
        Unsupported(reporter, outcomes);
    }

    // Messages of readers begin with the file's name.
    private static string WithoutName(ConversionOutcome failed) =>
        failed.Summary!.StartsWith(failed.Source + ": ", StringComparison.Ordinal) ? failed.Summary[(failed.Source.Length + 2)..] : failed.Summary;

    private static void Unsupported(Reporter reporter, IReadOnlyList<ConversionOutcome> outcomes)
    {
        var all = outcomes.SelectMany(o => o.Unsupported.Select(u => (o.Source, Item: u))).GroupBy(u => u.Item.What, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        if (all.Count == 0)
            return;
        reporter.Line("not supported:");
        foreach (var what in all)
        {
            Columns.Text(reporter, what.Key, 2);
            foreach (var place in what.GroupBy(u => (u.Source, u.Item.Why)))
                Columns.Text(reporter, $"{Path.GetFileName(place.Key.Source)} at {string.Join(", ", place.Select(p => p.Item.Where))}: {place.Key.Why}", 4);
        }
    }
}
