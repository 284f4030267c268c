using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Graphs.ControlFlow;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>Writes the taken branch of a condition that is known in place of the condition.</summary>
internal sealed class ConditionFolding : IRewriteRule
{
    public string Name => "condition folding";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (!ReferenceEquals(node.Operator, HigherOrderOperators.Cond) || Known(node.Args[0], rewrite) is not { } taken)
            return null;
        var branch = node.Args[taken ? 1 : 2].AsObject<Graph>();
        var operands = node.Args[3].AsList();
        if (!operands.All(o => o.IsValue) || !branch.Outputs.Zip(node.Outputs).All(p => p.First.Result.IsValue && Fits(p.First.Result.AsValue(), p.Second)))
            return null;
        var map = new Dictionary<Value, Value>();
        for (int i = 0; i < operands.Count; i++)
            map[branch.Inputs[i].Value] = operands[i].AsValue();
        SubGraphs.CopyInto(rewrite.Builder, branch, map);
        return new Patch([.. branch.Outputs.Select(o => map[o.Result.AsValue()])]);
    }

    private static bool? Known(Argument predicate, RewriteContext rewrite) =>
        predicate.IsBool ? predicate.AsBool() : rewrite.Constant(predicate) is { Type: ScalarType.Bool } tensor ? !tensor.Bytes.Contains((byte)0) : null;

    private static bool Fits(Value result, Value output) =>
        result.Kind == output.Kind && (result.Kind != ValueKind.Tensor || (result.Spec.Type == output.Spec.Type && result.Spec.MaxSizes.AsSpan().SequenceEqual(output.Spec.MaxSizes)));
}
