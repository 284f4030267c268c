using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Inspection;

/// <summary>Finds the weights of a program; bytes that several values share count once.</summary>
internal sealed class WeightCollector(PteProgram program)
{
    private readonly Dictionary<string, WeightInspection> found = new(StringComparer.Ordinal);

    /// <summary>All weights, the largest first.</summary>
    public static IReadOnlyList<WeightInspection> Collect(PteProgram program, IReadOnlyList<MethodInspection> methods)
    {
        var collector = new WeightCollector(program);
        foreach (var (records, method) in program.Methods.Zip(methods))
        {
            for (int i = 0; i < records.Values.Count; i++)
                if (records.Values[i] is PteTensor tensor)
                    collector.Add(records.Name, i, tensor);
            foreach (var d in method.Delegates)
                if (d.Graph is { } graph)
                    collector.Add($"{records.Name} delegate {d.Index}", graph);
        }
        return [.. collector.found.Values.OrderByDescending(w => w.Bytes).ThenBy(w => w.Name, StringComparer.Ordinal)];
    }

    private void Add(string method, int slot, PteTensor t)
    {
        ulong bytes = t.Sizes.Aggregate((ulong)t.Type.SizeOf(), (n, s) => unchecked(n * (ulong)s));
        string type = $"{t.Type.Name()}[{string.Join(", ", t.Sizes)}]", name = t.Extra?.FullyQualifiedName ?? $"{method} value {slot}";
        if (t.IsExternal)
            Add($"external {name}", name, "data file", type, bytes);
        else if (t.DataBufferIndex > 0 && t.Allocation is not null)
            Add($"state {t.Extra?.MutableDataSegmentsIndex} {t.DataBufferIndex}", name, "initial value", type, bytes);
        else if (t.DataBufferIndex > 0)
            Add($"constant {t.DataBufferIndex}", name, program.HasConstantSegment ? "constant segment" : "FlatBuffer", type, bytes);
    }

    private void Add(string place, XnnGraph graph)
    {
        foreach (var value in graph.Values)
        {
            Add(place, graph, value.ConstantIndex, $"value {value.Id}", $"{value.Datatype}[{string.Join(", ", value.Dims)}]");
            if (value.Quantization is XnnPerChannel { ScaleConstant: > 0 } c)
                Add(place, graph, c.ScaleConstant, $"scales of value {value.Id}", $"Fp32[{c.ScaleCount}]");
            if (value.Quantization is XnnPerChannelGroup { ScaleConstant: > 0 } g)
                Add(place, graph, g.ScaleConstant, $"scales of value {value.Id}", $"BFloat16[{g.ScaleCount}]");
        }
    }

    private void Add(string place, XnnGraph graph, uint index, string value, string type)
    {
        if (index == 0 || index >= graph.Constants.Count)
            return;
        var constant = graph.Constants[(int)index];
        string name = $"{place} {value}";
        if (constant.NamedKey is not { } key)
            Add($"payload {place} {index}", name, "payload", type, (ulong)(constant.Data?.Length ?? 0));
        else if (program.NamedData.FirstOrDefault(n => n.Key == key) is { } named && named.SegmentIndex < program.Segments.Count)
            Add($"named {key}", name, "named data", type, program.Segments[(int)named.SegmentIndex].Size);
        else
            Add($"named {key}", name, "data file", type, constant.Size);
    }

    private void Add(string identity, string name, string place, string type, ulong bytes) =>
        found[identity] = found.TryGetValue(identity, out var known) ? known with { Uses = known.Uses + 1 } : new WeightInspection(name, place, type, bytes, 1);
}
