using System.Globalization;
using ExecuSharp.Formats.EtDump;

namespace ExecuSharp.Inspection;

/// <summary>What an ETDump says about time: by event and by operator.</summary>
/// <param name="Blocks">Runs with the same name and events, as ExecuTorch's Inspector groups them.</param>
/// <param name="Operators">Times by operator and by kind of a delegate's step over all runs, longest total first. A call contains the times of its kernel or delegate.</param>
/// <example><code>
/// var inspection = EtDumpInspection.Of(EtDumpFile.Read(source));
/// double slowest = inspection.Operators[0].Times.P90;
/// </code></example>
public sealed record EtDumpInspection(IReadOnlyList<EtDumpBlock> Blocks, IReadOnlyList<EtDumpOperatorTimes> Operators)
{
    /// <summary>Looks at an ETDump whose times are nanoseconds.</summary>
    public static EtDumpInspection Of(EtDumpFile file) => new(
        [.. file.Runs.GroupBy(Signature, StringComparer.Ordinal).Select(g => Block([.. g]))],
        [.. file.Runs.SelectMany(Profiles).Where(e => e.Chain >= 0).GroupBy(Operator, StringComparer.Ordinal)
            .Select(g => new EtDumpOperatorTimes(g.Key, Times(g)))
            .OrderByDescending(o => o.Times.Total).ThenBy(o => o.Name, StringComparer.Ordinal)]);

    private static EtDumpBlock Block(List<EtDumpRun> runs) => new(
        runs[0].Name,
        runs.Count,
        [.. runs.SelectMany(Profiles).GroupBy(Key).Select(g => new EtDumpEventTimes(g.Key.Name, g.Key.Chain, g.Key.Instruction, g.Key.InDelegate, Times(g)))],
        runs.SelectMany(r => r.Events).OfType<EtDumpEvent.Allocation>().Aggregate(0ul, (n, a) => unchecked(n + a.Bytes)),
        runs.Sum(r => r.Events.OfType<EtDumpEvent.Debug>().Count()));

    private static IEnumerable<EtDumpEvent.Profile> Profiles(EtDumpRun run) => run.Events.OfType<EtDumpEvent.Profile>();

    private static string Signature(EtDumpRun run) => run.Name + "\n" + string.Join("\n", Profiles(run).Select(Key).Distinct());

    private static (string Name, int Chain, int Instruction, bool InDelegate) Key(EtDumpEvent.Profile e) =>
        (Name(e), e.Chain, e.Instruction, e.Delegate is not null);

    private static string Name(EtDumpEvent.Profile e) => e.Name ?? e.Delegate?.Name ?? (e.Delegate is { } d ? $"delegate event {d.Id.ToString(CultureInfo.InvariantCulture)}" : "");

    private static string Operator(EtDumpEvent.Profile e)
    {
        const string Kernel = "native_call_";
        string name = Name(e);
        if (e.Delegate is not null && name.LastIndexOf(" #", StringComparison.Ordinal) is > 0 and var number)
            return name[..number];
        return name.StartsWith(Kernel, StringComparison.Ordinal) ? name[Kernel.Length..] : name;
    }

    private static TimeStatistics Times(IEnumerable<EtDumpEvent.Profile> events) =>
        TimeStatistics.Of([.. events.Select(e => e.End >= e.Start ? (e.End - e.Start) * 1e-6 : 0)]);
}
