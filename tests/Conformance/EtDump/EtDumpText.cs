using ExecuSharp.Formats.EtDump;

namespace ExecuSharp.Tests.Conformance.EtDump;

/// <summary>All that an ETDump says, as text.</summary>
internal static class EtDumpText
{
    public static string Of(EtDumpFile file) => string.Join("\n", file.Runs.Select(r =>
        $"{file.Version} {r.Name} {r.BundledInputIndex} [{string.Join(",", r.Allocators)}]\n" + string.Join("\n", r.Events.Select(Event))));

    private static string Event(EtDumpEvent e) => e switch
    {
        EtDumpEvent.Profile p => $"P {p.Name ?? "null"} {p.Chain} {p.Instruction} {Place(p.Delegate)} {p.Start} {p.End}",
        EtDumpEvent.Debug d => $"D {d.Name ?? "null"} {d.Chain} {d.Instruction} {Place(d.Delegate)} {Value(d.Value)}",
        _ => e.ToString(),
    };

    private static string Place(EtDumpDelegate? place) => place is null ? "-" : $"{place.Id}/{place.Name ?? "null"}/{Convert.ToHexString(place.Metadata.Span)}";

    private static string Value(EtDumpValue value) => value switch
    {
        EtDumpValue.Tensor t => $"{t.IsOutput} {Tensor(t.Value)}",
        EtDumpValue.TensorList l => $"{l.IsOutput} {string.Join(";", l.Values.Select(Tensor))}",
        _ => value.ToString(),
    };

    private static string Tensor(EtDumpTensor t) => $"{t.Type} [{string.Join(",", t.Sizes)}] [{string.Join(",", t.Strides)}] {t.Offset}";
}
