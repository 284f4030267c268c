using System.Text.Json.Nodes;
using ExecuSharp.Formats.EtDump;
using ExecuSharp.Inspection;

namespace ExecuSharp.Cli.Output;

/// <summary>An ETDump as text and JSON.</summary>
internal static class EtDumpText
{
    private static readonly string[] Headers = ["calls", "total", "avg", "p10", "p50", "p90", "min", "max"];

    public static JsonObject Json(string path, EtDumpFile file, EtDumpInspection inspection) => new()
    {
        ["file"] = path,
        ["kind"] = "EtDump",
        ["version"] = file.Version,
        ["unit"] = "ms",
        ["runs"] = JsonText.Array(file.Runs, r => new JsonObject
        {
            ["name"] = r.Name,
            ["bundledInputIndex"] = r.BundledInputIndex,
            ["allocators"] = JsonText.Array(r.Allocators, a => a),
            ["events"] = JsonText.Array(r.Events, Event),
        }),
        ["blocks"] = JsonText.Array(inspection.Blocks, b => new JsonObject
        {
            ["name"] = b.Name,
            ["runs"] = b.Runs,
            ["allocatedBytes"] = b.AllocatedBytes,
            ["loggedValues"] = b.LoggedValues,
            ["events"] = JsonText.Array(b.Events, e => Times(new JsonObject { ["name"] = e.Name, ["chain"] = e.Chain, ["instruction"] = e.Instruction, ["inDelegate"] = e.InDelegate }, e.Times)),
        }),
        ["operators"] = JsonText.Array(inspection.Operators, o => Times(new JsonObject { ["name"] = o.Name }, o.Times)),
    };

    public static void Write(Reporter reporter, string path, EtDumpFile file, EtDumpInspection inspection, bool events)
    {
        reporter.Line($"{path}: ETDump, {Units.Count(file.Runs.Count, "run")}");
        foreach (var block in inspection.Blocks)
        {
            reporter.Line();
            reporter.Line($"block {block.Name}: {Units.Count(block.Runs, "run")}, {Units.Count(block.Events.Count, "event")}{(block.LoggedValues > 0 ? ", " + Units.Count(block.LoggedValues, "logged value") : "")}; milliseconds");
            var shown = events ? block.Events : block.Events.Where(e => e.Chain < 0);
            Columns.Write(reporter, ["event", .. Headers], shown.Select(e => Row(Label(e), e.Times)));
        }
        reporter.Line();
        reporter.Line("by operator over all runs; milliseconds");
        Columns.Write(reporter, ["operator", .. Headers], inspection.Operators.Select(o => Row(o.Name, o.Times)));
    }

    private static string Label(EtDumpEventTimes e) => e.Chain < 0 ? e.Name : $"{e.Instruction} {(e.InDelegate ? ". " : "")}{e.Name}";

    private static string[] Row(string name, TimeStatistics t) =>
        [name, Units.Text($"{t.Count}"), .. new[] { t.Total, t.Average, t.P10, t.P50, t.P90, t.Min, t.Max }.Select(v => v < 100 ? Units.Text($"{v:F3}") : Units.Text($"{v:F1}"))];

    private static JsonObject Times(JsonObject target, TimeStatistics t)
    {
        foreach (var (key, value) in new[] { ("total", t.Total), ("avg", t.Average), ("p10", t.P10), ("p50", t.P50), ("p90", t.P90), ("min", t.Min), ("max", t.Max) })
            target[key] = JsonText.Number(value);
        target["count"] = t.Count;
        return target;
    }

    private static JsonObject Event(EtDumpEvent e) => e switch
    {
        EtDumpEvent.Profile p => new JsonObject
        {
            ["kind"] = "profile",
            ["name"] = p.Name,
            ["chain"] = p.Chain,
            ["instruction"] = p.Instruction,
            ["delegateId"] = p.Delegate?.Id,
            ["delegateName"] = p.Delegate?.Name,
            ["start"] = p.Start,
            ["end"] = p.End,
        },
        EtDumpEvent.Allocation a => new JsonObject { ["kind"] = "allocation", ["allocator"] = a.Allocator, ["bytes"] = a.Bytes },
        EtDumpEvent.Debug d => new JsonObject
        {
            ["kind"] = "debug",
            ["name"] = d.Name,
            ["chain"] = d.Chain,
            ["instruction"] = d.Instruction,
            ["delegateId"] = d.Delegate?.Id,
            ["delegateName"] = d.Delegate?.Name,
            ["isOutput"] = d.Value.IsOutput,
            ["value"] = Value(d.Value),
        },
        _ => [],
    };

    private static JsonNode? Value(EtDumpValue value) => value switch
    {
        EtDumpValue.Int v => v.Value,
        EtDumpValue.Bool v => v.Value,
        EtDumpValue.Float v => JsonText.Number(v.Value),
        EtDumpValue.Double v => JsonText.Number(v.Value),
        EtDumpValue.Tensor v => Tensor(v.Value),
        EtDumpValue.TensorList v => JsonText.Array(v.Values, Tensor),
        _ => null,
    };

    private static JsonObject Tensor(EtDumpTensor t) => new()
    {
        ["dtype"] = Core.ScalarTypes.Name(t.Type),
        ["sizes"] = JsonText.Array(t.Sizes, s => s),
        ["strides"] = JsonText.Array(t.Strides, s => s),
        ["offset"] = t.Offset,
    };
}
