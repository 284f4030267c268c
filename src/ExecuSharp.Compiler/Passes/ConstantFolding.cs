using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Graphs;
using ExecuSharp.Graphs.ControlFlow;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>Computes a node whose tensor arguments are all constants, and puts the results in its place.</summary>
/// <param name="context">Vector width and threads.</param>
/// <param name="keepCodes">Leave constants as codes that are dequantized, for a backend that computes with codes.</param>
internal sealed class ConstantFolding(KernelContext context, bool keepCodes) : IRewriteRule
{
    // A result larger than this and than its arguments would make the file grow for nothing.
    private const long MaxGrowth = 1 << 16;

    public string Name => "constant folding";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (!node.Operator.IsPure || node.Operator.Kernel is null || node.Outputs.Any(o => o.Kind != ValueKind.Tensor || !o.Spec.IsStatic))
            return null;
        if (keepCodes && node.Op.StartsWith("quantized_decomposed::dequantize", StringComparison.Ordinal))
            return null;
        var inputs = node.Inputs.Distinct().ToList();
        if (node.Op == "aten::full_like" && node.Output.Spec.MaxBytes <= MaxGrowth && node.Args[1].IsNumber)
        {
            // Only the type and the sizes of its argument matter, and both are known.
            var like = inputs[0].Spec;
            var filled = NodeExecutor.Execute(node, new Dictionary<Value, EValue> { [inputs[0]] = EValue.Of(Tensor.Empty(like.Type, like.MaxSizes)) }, context);
            return new Patch([rewrite.Builder.Constant(filled[0].AsTensor(), node.Output.Name)]);
        }
        if (!inputs.TrueForAll(v => rewrite.Builder.ConstantOf(v) is not null))
            return null;
        long before = inputs.Sum(v => v.Spec.MaxBytes), after = node.Outputs.Sum(o => o.Spec.MaxBytes);
        if (after > before + MaxGrowth)
            return null;
        var values = inputs.ToDictionary(v => v, v => EValue.Of(rewrite.Builder.ConstantOf(v)!));
        var results = NodeExecutor.Execute(node, values, context);
        foreach (var value in values.Values)
            MappedPages.Release(value.AsTensor().Storage);
        return new Patch([.. results.Select((r, i) => rewrite.Builder.Constant(r.AsTensor(), node.Outputs[i].Name))]);
    }
}
