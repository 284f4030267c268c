using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>
/// Folds a batch norm of constants into the convolution or linear before it (w' = w·g/√(v+eps), b' = (b−m)·g/√(v+eps) + beta), and writes one without such a
/// node as a product and a sum.
/// </summary>
internal sealed class BatchNormFolding : IRewriteRule
{
    public string Name => "batch norm folding";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (node.Op != "aten::_native_batch_norm_legit_no_training")
            return null;
        if (node.Outputs.Skip(1).Any(o => rewrite.UseCount(o) > 0) || node.Output.Spec.Type != ScalarType.Float)
            return null;
        if (Coefficients(node, rewrite) is not var (scale, shift))
            return null;
        var input = node.Args[0].AsValue();
        if (rewrite.UseCount(input) == 1 && rewrite.Producer(input) is { } source && (source.Op == "aten::convolution" || input.Spec.Rank == 2) && ProductScaling.Apply(source, scale, shift, rewrite) is { } merged)
            return new Patch([merged, .. new Value?[node.Outputs.Count - 1]]);
        IGraphBuilder b = rewrite.Builder;
        int[] shape = [scale.Length, .. Enumerable.Repeat(1, input.Spec.Rank - 2)];
        var product = b.Call("aten::mul.Tensor", input, b.Constant(Tensor.From<float>(scale, shape), node.Name + ".scale"));
        var sum = b.Call("aten::add.Tensor", product, b.Constant(Tensor.From<float>(shift, shape), node.Name + ".shift"));
        return new Patch([sum, .. new Value?[node.Outputs.Count - 1]]);
    }

    private static (float[] Scale, float[] Shift)? Coefficients(Node node, RewriteContext rewrite)
    {
        if (rewrite.Constant(node.Args[3]) is not { } mean || rewrite.Constant(node.Args[4]) is not { } variance)
            return null;
        var weight = rewrite.Constant(node.Args[1]);
        var bias = rewrite.Constant(node.Args[2]);
        if ((weight is null && !node.Args[1].IsNone) || (bias is null && !node.Args[2].IsNone))
            return null;
        double eps = node.Args[6].AsDouble();
        var scale = new float[mean.Numel];
        var shift = new float[mean.Numel];
        for (int i = 0; i < scale.Length; i++)
        {
            double s = (weight is null ? 1 : TensorTransforms.ToFloat(weight, i)) / Math.Sqrt(TensorTransforms.ToFloat(variance, i) + eps);
            scale[i] = (float)s;
            shift[i] = (float)((bias is null ? 0 : TensorTransforms.ToFloat(bias, i)) - (TensorTransforms.ToFloat(mean, i) * s));
        }
        return (scale, shift);
    }
}
