using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>What a rule's check may look at.</summary>
internal sealed class XnnCheck(Graph graph, ExecuTorchRelease target, Dictionary<Value, List<Node>> users, QuantizedValues quantized)
{
    private const int MaxRank = 6;
    private readonly HashSet<Value> outputs = [.. graph.Outputs.SelectMany(o => o.Result.Values())];

    public Graph Graph => graph;

    public ExecuTorchRelease Target => target;

    /// <summary>What is known of quantized values.</summary>
    public QuantizedValues Quantized => quantized;

    /// <summary>True for a constant of the graph, or one that is dequantized.</summary>
    public bool IsConstant(Argument argument) => argument.IsValue && quantized.IsConstant(argument.AsValue());

    /// <summary>Null if XNNPACK takes a call, else why not.</summary>
    public string? Refusal(Node node) => XnnRules.Table.TryGetValue(node.Op, out var rule) ? Common(node, rule.AnyType) ?? rule.Check(node, this) : "XNNPACK has no such operator";

    /// <summary>True if no node and no output uses the value.</summary>
    public bool IsUnused(Value value) => !users.ContainsKey(value) && !outputs.Contains(value);

    /// <summary>The checks that hold for every call: types, ranks, non-empty tensors.</summary>
    private string? Common(Node node, bool anyType)
    {
        foreach (var value in node.Inputs.Concat(node.Outputs.Where(o => !IsUnused(o))))
        {
            if (value.Kind != ValueKind.Tensor)
                return $"{value.Name} is a number known only at run time";
            if (!anyType && value.Spec.Type is not (ScalarType.Float or ScalarType.Half))
                return $"{value.Name} is {value.Spec.Type.Name()}, XNNPACK takes Float and Half";
            if (value.Spec.Rank > MaxRank)
                return $"{value.Name} has {value.Spec.Rank} dimensions, XNNPACK takes {MaxRank}";
            if (value.Spec.Rank == 0 && !quantized.IsConstant(value))
                return $"{value.Name} has no dimension";
            if (value.Spec.MaxNumel == 0)
                return $"{value.Name} has no elements";
            if (value.Spec.DimOrder.Select((d, i) => d != i).Any(different => different))
                return $"{value.Name} is not in contiguous order";
            if (graph.Constants.TryGetValue(value, out var constant) && constant.IsMutable && node.Outputs.Contains(value))
                return $"{value.Name} is state";
        }
        if (anyType)
            return null;
        var types = node.Inputs.Concat(node.Outputs.Where(o => !IsUnused(o))).Select(v => v.Spec.Type).Distinct().Count();
        return types > 1 ? "it mixes element types" : null;
    }
}
