using System.Text.Json.Nodes;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Inspection;

namespace ExecuSharp.Cli.Output;

/// <summary>A program's inspection as text and JSON.</summary>
internal static class InspectionText
{
    public static JsonObject Json(string path, PteProgram program, ProgramInspection inspection) => new()
    {
        ["file"] = path,
        ["kind"] = "Program",
        ["bytes"] = program.FileSize,
        ["headerLength"] = program.Header?.Length,
        ["constantBytes"] = inspection.ConstantBytes,
        ["namedDataBytes"] = inspection.NamedDataBytes,
        ["segments"] = program.Segments.Count,
        ["releases"] = new JsonObject { ["range"] = inspection.Releases.ToString(), ["reasons"] = JsonText.Array(inspection.Releases.Reasons, r => r) },
        ["methods"] = JsonText.Array(program.Methods.Zip(inspection.Methods), m => new JsonObject
        {
            ["name"] = m.First.Name,
            ["inputs"] = JsonText.Array(m.First.Inputs, i => Value(m.First.Values[i])),
            ["outputs"] = JsonText.Array(m.First.Outputs, i => Value(m.First.Values[i])),
            ["instructions"] = m.First.Chains.Sum(c => c.Instructions.Count),
            ["plannedBytes"] = m.Second.PlannedBytes,
            ["liveBytes"] = m.Second.LiveBytes,
            ["operators"] = JsonText.Array(m.Second.Operators, o => new JsonObject { ["name"] = o.Key, ["calls"] = o.Calls, ["available"] = o.IsAvailable }),
            ["delegates"] = JsonText.Array(m.Second.Delegates, d => new JsonObject
            {
                ["index"] = d.Index,
                ["backend"] = d.Backend,
                ["bytes"] = d.Bytes,
                ["payload"] = d.Identifier,
                ["calls"] = d.Calls,
                ["nodes"] = JsonText.Array(d.Nodes, n => n),
                ["problem"] = d.Problem,
            }),
        }),
    };

    public static void Write(Reporter reporter, string path, PteProgram program, ProgramInspection inspection, bool nodes)
    {
        reporter.Line($"{path}: {Units.Bytes(program.FileSize)}, header {(program.Header is null ? "none" : $"{program.Header.Length} bytes")}, constants {Units.Bytes(inspection.ConstantBytes)}, named data {Units.Bytes(inspection.NamedDataBytes)}");
        reporter.Line($"ExecuTorch {inspection.Releases}{string.Concat(inspection.Releases.Reasons.Select(r => $"; {r}"))}");
        foreach (var (method, summary) in program.Methods.Zip(inspection.Methods))
        {
            reporter.Line();
            reporter.Line($"method {method.Name}");
            reporter.Line("  inputs:  " + string.Join(", ", method.Inputs.Select(i => Value(method.Values[i]))));
            reporter.Line("  outputs: " + string.Join(", ", method.Outputs.Select(i => Value(method.Values[i]))));
            reporter.Line($"  memory:  {Units.Bytes(summary.PlannedBytes)} planned, {Units.Bytes(summary.LiveBytes)} alive at most at once");
            if (summary.Operators.Count > 0)
                reporter.Table(["operator", "calls", "runs on"], summary.Operators.Select(o => new[] { o.Key, Units.Text($"{o.Calls}"), o.IsAvailable ? "kernel" : "MISSING" }));
            foreach (var d in summary.Delegates)
            {
                string kinds = string.Join(", ", d.Nodes.GroupBy(n => n[..n.IndexOf('(')]).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} {g.Count()}"));
                reporter.Line($"  delegate {d.Index}: {d.Backend}, {Units.Bytes(d.Bytes)}{(d.Identifier is null ? "" : ", " + d.Identifier)}, {d.Calls} calls{(d.Problem is null ? "" : ", " + d.Problem)}{(kinds.Length == 0 ? "" : ": " + kinds)}");
                if (nodes)
                    foreach (string node in d.Nodes)
                        reporter.Line("    " + node);
            }
            if (nodes)
                Instructions(reporter, method);
        }
    }

    private static void Instructions(Reporter reporter, PteMethod method)
    {
        int index = 0;
        foreach (var instruction in method.Chains.SelectMany(c => c.Instructions))
            reporter.Line($"  {index++,5}  " + instruction switch
            {
                PteInstruction.KernelCall c => $"{method.Operators[c.OperatorIndex].Key}({string.Join(", ", c.Args)})",
                PteInstruction.DelegateCall c => $"delegate {c.DelegateIndex}({string.Join(", ", c.Args)})",
                PteInstruction.MoveCall c => $"move {c.From} to {c.To}",
                PteInstruction.JumpFalseCall c => $"jump to {c.Destination} if {c.Condition} is false",
                PteInstruction.FreeCall c => $"free {c.Value}",
                _ => instruction.ToString(),
            });
    }

    private static string Value(PteValue value) => value switch
    {
        PteTensor t => $"{t.Type.Name()}[{string.Join(", ", t.Sizes)}]{(t.Dynamism == ShapeDynamism.Static ? "" : " at most")}{(t.DimOrder.Select((d, i) => d == i).All(same => same) ? "" : $" order {string.Join("", t.DimOrder)}")}",
        PteValue.Int i => Units.Text($"Int {i.Value}"),
        PteValue.Double d => Units.Text($"Double {d.Value}"),
        PteValue.Bool b => $"Bool {b.Value}",
        PteValue.String s => $"String \"{s.Value}\"",
        _ => value.GetType().Name,
    };
}
