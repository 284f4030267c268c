using ExecuSharp.Formats.Pt2;
using ExecuSharp.Import.Functional;

namespace ExecuSharp.Import.Pt2;

/// <summary>Which inputs of a graph are written by in-place operators, directly or through views.</summary>
internal static class WrittenInputs
{
    public static HashSet<string> Find(Pt2Graph graph)
    {
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in graph.Inputs)
            if (input is Pt2Argument.Tensor tensor)
                sources[tensor.Name] = tensor.Name;
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            if (node.OperatorName is not { } op)
                continue;
            if (op is "aten::batch_norm" or "aten::native_batch_norm" or "aten::_native_batch_norm_legit" or "aten::_batch_norm_with_update")
                foreach (var statistics in node.Inputs.Where(i => i.Name is "running_mean" or "running_var"))
                    if (IsUpdating(op, node) && statistics.Value is Pt2Argument.Tensor t && sources.TryGetValue(t.Name, out string? buffer))
                        written.Add(buffer);
            if (!Functionalizer.MayAlias(op) || node.Inputs.Count == 0 || node.Inputs[0].Value is not Pt2Argument.Tensor first || !sources.TryGetValue(first.Name, out string? source))
                continue;
            if (Functionalizer.WritesFirst(op))
                written.Add(source);
            foreach (string? result in node.Outputs.SelectMany(GraphImporter.Names))
                if (result is not null)
                    sources[result] = source;
        }
        return written;
    }

    private static bool IsUpdating(string op, Pt2Node node) =>
        op == "aten::_batch_norm_with_update" || node.Argument("training") is Pt2Argument.Bool { Value: true };
}
