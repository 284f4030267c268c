using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Inspection;

namespace ExecuSharp.Cli.Output;

/// <summary>A program's inspection as text of 80 columns.</summary>
internal static class InspectionText
{
    private const int Shortened = 10;

    /// <summary>Writes a summary, or with <paramref name="all"/> every instruction, node, weight and planned tensor.</summary>
    public static void Write(Reporter reporter, string path, PteProgram program, ProgramInspection inspection, bool all)
    {
        Columns.Text(reporter, $"{path}: {Units.Bytes(program.FileSize)}, header {(program.Header is null ? "none" : $"{program.Header.Length} bytes")}, constants {Units.Bytes(inspection.ConstantBytes)}, named data {Units.Bytes(inspection.NamedDataBytes)}");
        reporter.Line($"ExecuTorch {inspection.Releases}");
        foreach (var limit in inspection.Releases.Limits)
            Columns.Text(reporter, limit.ToString(), 2);
        foreach (var (method, summary) in program.Methods.Zip(inspection.Methods))
        {
            reporter.Line();
            reporter.Line($"method {method.Name}");
            Slots(reporter, "in", method.Inputs, method);
            Slots(reporter, "out", method.Outputs, method);
            if (summary.Operators.Count > 0)
                Columns.Write(reporter, ["operator", "calls", "run by"], summary.Operators.Select(o => new[] { o.Key, Units.Text($"{o.Calls}"), o.RunBy ?? "MISSING" }));
            foreach (var d in summary.Delegates)
                Delegate(reporter, d, all);
            Memory(reporter, summary.Memory, all);
            if (all)
                Instructions(reporter, summary);
        }
        Weights(reporter, inspection.Weights, all);
    }

    /// <summary>A value slot as text.</summary>
    public static string Value(PteValue value) => value switch
    {
        PteTensor t => $"{t.Type.Name()}[{string.Join(", ", t.Sizes)}]{(t.Dynamism == ShapeDynamism.Static ? "" : " at most")}{(t.DimOrder.Select((d, i) => d == i).All(same => same) ? "" : $" order {string.Join("", t.DimOrder)}")}",
        PteValue.Int i => Units.Text($"Int {i.Value}"),
        PteValue.Double d => Units.Text($"Double {d.Value}"),
        PteValue.Bool b => $"Bool {b.Value}",
        PteValue.String s => $"String \"{s.Value}\"",
        _ => value.GetType().Name,
    };

    private static void Slots(Reporter reporter, string name, IReadOnlyList<int> slots, PteMethod method)
    {
        for (int i = 0; i < slots.Count; i++)
            Columns.Text(reporter, $"{name}.{i}  {Value(method.Values[slots[i]])}", 2);
    }

    private static void Delegate(Reporter reporter, DelegateInspection d, bool all)
    {
        Columns.Text(reporter, $"delegate {d.Index}: {d.Backend}{(d.IsAvailable ? "" : " (MISSING)")}, {Units.Bytes(d.Bytes)}{(d.Identifier is null ? "" : ", " + d.Identifier)}, {Units.Count(d.Calls, "call")}{(d.Problem is null ? "" : ", " + d.Problem)}{(d.Nodes.Count == 0 ? "" : ": " + d.Kinds)}", 2);
        if (all)
            foreach (var node in d.Nodes)
                Columns.Text(reporter, node.ToString(), 4);
    }

    private static void Memory(Reporter reporter, MemoryInspection memory, bool all)
    {
        Columns.Text(reporter, $"memory: {Units.Bytes(memory.PlannedBytes)} planned, {Units.Bytes(memory.LiveBytes)} alive at most at once, {Units.Bytes(memory.WasteBytes)} waste{(memory.PlannedBytes > 0 ? $" ({Units.Percent((double)memory.WasteBytes / memory.PlannedBytes)})" : "")}", 2);
        if (memory.Arenas.Count > 1)
            foreach (var arena in memory.Arenas)
                reporter.Line($"    arena {arena.Index}: {Units.Bytes(arena.PlannedBytes)} planned, {Units.Bytes(arena.LiveBytes)} alive at instruction {arena.LiveAt}");
        if (all && memory.Tensors.Count > 0)
            Columns.Write(reporter, ["planned tensor", "slot", "arena", "offset", "bytes", "alive"], memory.Tensors.Select(t => new[]
            {
                t.Type, $"{t.Slot}", $"{t.Arena}", $"{t.Offset}", $"{t.Bytes}", t.Last < 0 ? "unused" : $"{t.First} … {t.Last}",
            }));
    }

    private static void Instructions(Reporter reporter, MethodInspection method)
    {
        foreach (var i in method.Instructions)
            Columns.Text(reporter, $"{(i.Chain > 0 ? $"{i.Chain}:" : "")}{i.Index,5}  {i.Text}  [{i.RunBy ?? "MISSING"}]", 2);
    }

    private static void Weights(Reporter reporter, IReadOnlyList<WeightInspection> weights, bool all)
    {
        if (weights.Count == 0)
            return;
        var shown = all ? weights : [.. weights.Take(Shortened)];
        ulong rest = weights.Skip(shown.Count).Aggregate(0ul, (n, w) => n + w.Bytes);
        reporter.Line();
        Columns.Write(reporter, ["weight", "type", "place", "size"], shown.Select(w => new[] { w.Name + (w.Uses > 1 ? $" (used {w.Uses} times)" : ""), w.Type, w.Place, Units.Bytes(w.Bytes) }));
        if (shown.Count < weights.Count)
            reporter.Line($"  and {weights.Count - shown.Count} more with {Units.Bytes(rest)}");
    }
}
