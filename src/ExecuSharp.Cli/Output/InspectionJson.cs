using System.Text.Json.Nodes;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Inspection;

namespace ExecuSharp.Cli.Output;

/// <summary>A program's inspection as JSON, complete.</summary>
internal static class InspectionJson
{
    public static JsonObject Of(string path, PteProgram program, ProgramInspection inspection) => new()
    {
        ["file"] = path,
        ["kind"] = "Program",
        ["bytes"] = program.FileSize,
        ["headerLength"] = program.Header?.Length,
        ["constantBytes"] = inspection.ConstantBytes,
        ["namedDataBytes"] = inspection.NamedDataBytes,
        ["segments"] = program.Segments.Count,
        ["releases"] = new JsonObject
        {
            ["range"] = inspection.Releases.ToString(),
            ["releases"] = JsonText.Array(inspection.Releases.Releases, r => r.ToString()),
            ["limits"] = JsonText.Array(inspection.Releases.Limits, l => new JsonObject { ["excluded"] = JsonText.Array(l.Excluded, r => r.ToString()), ["why"] = l.Why }),
        },
        ["methods"] = JsonText.Array(program.Methods.Zip(inspection.Methods), m => Method(m.First, m.Second)),
        ["weights"] = JsonText.Array(inspection.Weights, w => new JsonObject { ["name"] = w.Name, ["place"] = w.Place, ["type"] = w.Type, ["bytes"] = w.Bytes, ["uses"] = w.Uses }),
    };

    private static JsonObject Method(PteMethod records, MethodInspection m) => new()
    {
        ["name"] = m.Name,
        ["inputs"] = JsonText.Array(records.Inputs, i => InspectionText.Value(records.Values[i])),
        ["outputs"] = JsonText.Array(records.Outputs, i => InspectionText.Value(records.Values[i])),
        ["operators"] = JsonText.Array(m.Operators, o => new JsonObject { ["name"] = o.Key, ["calls"] = o.Calls, ["available"] = o.RunBy is not null, ["runBy"] = o.RunBy }),
        ["instructions"] = JsonText.Array(m.Instructions, i => new JsonObject { ["chain"] = i.Chain, ["index"] = i.Index, ["text"] = i.Text, ["runBy"] = i.RunBy }),
        ["delegates"] = JsonText.Array(m.Delegates, d => new JsonObject
        {
            ["index"] = d.Index,
            ["backend"] = d.Backend,
            ["available"] = d.IsAvailable,
            ["bytes"] = d.Bytes,
            ["payload"] = d.Identifier,
            ["calls"] = d.Calls,
            ["nodes"] = JsonText.Array(d.Nodes, Node),
            ["problem"] = d.Problem,
        }),
        ["memory"] = Memory(m.Memory),
    };

    private static JsonObject Node(DelegateNodeInspection n) => new()
    {
        ["type"] = n.Type,
        ["inputs"] = JsonText.Array(n.Inputs, Value),
        ["outputs"] = JsonText.Array(n.Outputs, Value),
        ["min"] = n.Min is { } min ? JsonText.Number(min) : null,
        ["max"] = n.Max is { } max ? JsonText.Number(max) : null,
    };

    private static JsonObject Value(DelegateValueInspection v) => new()
    {
        ["id"] = v.Id,
        ["type"] = v.Type,
        ["sizes"] = JsonText.Array(v.Sizes, s => s),
        ["quantization"] = v.Quantization,
        ["constantBytes"] = v.ConstantBytes,
    };

    private static JsonObject Memory(MemoryInspection m) => new()
    {
        ["plannedBytes"] = m.PlannedBytes,
        ["liveBytes"] = m.LiveBytes,
        ["wasteBytes"] = m.WasteBytes,
        ["arenas"] = JsonText.Array(m.Arenas, a => new JsonObject { ["index"] = a.Index, ["plannedBytes"] = a.PlannedBytes, ["liveBytes"] = a.LiveBytes, ["liveAt"] = a.LiveAt, ["wasteBytes"] = a.WasteBytes }),
        ["tensors"] = JsonText.Array(m.Tensors, t => new JsonObject
        {
            ["slot"] = t.Slot,
            ["type"] = t.Type,
            ["arena"] = t.Arena,
            ["offset"] = t.Offset,
            ["bytes"] = t.Bytes,
            ["first"] = t.First,
            ["last"] = t.Last,
        }),
    };
}
