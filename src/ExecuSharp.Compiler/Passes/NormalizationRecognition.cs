using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>
/// Layer norm written out, (x − mean)/√(mean((x − mean)²) + eps), and RMS norm, x/√(mean(x²) + eps), become one call, and take in the constants that
/// multiply them and are added to them. Softmax written out, exp(x − max)/Σexp(x − max), becomes one call.
/// </summary>
internal sealed class NormalizationRecognition : IRewriteRule
{
    private const string LayerNorm = "aten::native_layer_norm", RmsNorm = "aten::rms_norm";

    public string Name => "normalization recognition";

    public Patch? Apply(Node node, RewriteContext rewrite) => node.Args.Count < 2 || !node.Args[0].IsValue || !node.Args[1].IsValue ? null : node.Op switch
    {
        "aten::div.Tensor" => Normalized(node, node.Args[0], Root(node.Args[1], rewrite, inverse: false), rewrite) ?? Softmax(node, node.Args[1], rewrite),
        "aten::mul.Tensor" => Normalized(node, node.Args[0], Root(node.Args[1], rewrite, inverse: true), rewrite)
            ?? Normalized(node, node.Args[1], Root(node.Args[0], rewrite, inverse: true), rewrite) ?? With(node, 2, rewrite),
        "aten::add.Tensor" when node.Args[2].AsScalar().ToDouble() == 1 => With(node, 3, rewrite),
        _ => null,
    };

    // v if the argument is √v, or 1/√v.
    private static Value? Root(Argument argument, RewriteContext rewrite, bool inverse)
    {
        var node = rewrite.Producer(argument.AsValue());
        if (inverse && node?.Op == "aten::reciprocal")
            (node, inverse) = (rewrite.Producer(node.Args[0].AsValue()), false);
        return node?.Op == (inverse ? "aten::rsqrt" : "aten::sqrt") ? node.Args[0].AsValue() : null;
    }

    private static Patch? Normalized(Node node, Argument numerator, Value? variance, RewriteContext rewrite)
    {
        if (variance is null || Numbers.Sum(variance, rewrite) is not var (mean, eps) || eps <= 0 || !numerator.AsSpec().Equals(node.Output.Spec))
            return null;
        if (Mean(mean, rewrite) is not var (squares, dims) || !IsSquare(squares, numerator.AsValue(), rewrite))
            return null;
        var spec = node.Output.Spec;
        if (dims.Length == 0 || !dims.SequenceEqual(Enumerable.Range(spec.Rank - dims.Length, dims.Length)) || !spec.Sizes[^dims.Length..].All(s => s.IsStatic))
            return null;
        var sizes = Array.ConvertAll(spec.Sizes[^dims.Length..], s => s.Value);
        IGraphBuilder b = rewrite.Builder;
        return new Patch(Centred(numerator, dims, rewrite) is { } x && x.Spec.Equals(spec) ? b.Call(LayerNorm, x, sizes, Argument.None, Argument.None, eps) : b.Call(RmsNorm, numerator, sizes, Argument.None, eps));
    }

    // x if a value is x − mean(x).
    private static Value? Centred(Argument value, int[] dims, RewriteContext rewrite) =>
        rewrite.Producer(value, "aten::sub.Tensor") is { } difference && difference.Args[2].AsScalar().ToDouble() == 1 && difference.Args[1].IsValue
        && Mean(difference.Args[1].AsValue(), rewrite) is var (x, same) && x == difference.Args[0].AsValue() && same.SequenceEqual(dims) ? x : null;

    // What a mean is of, and over which dimensions.
    private static (Value Of, int[] Dims)? Mean(Value value, RewriteContext rewrite)
    {
        if (rewrite.Producer(value) is not { Op: "aten::mean.dim" } mean || mean.Args[1].IsNone || !mean.Args[2].AsBool() || !mean.Args[3].IsNone)
            return null;
        return (mean.Args[0].AsValue(), Dims(mean));
    }

    private static int[] Dims(Node reduction) =>
        [.. reduction.Args[1].AsInts().Select(d => (int)(d < 0 ? d + reduction.Args[0].AsSpec().Rank : d)).Order()];

    private static bool IsSquare(Value value, Value of, RewriteContext rewrite) => rewrite.Producer(value) switch
    {
        { Op: "aten::pow.Tensor_Scalar" } power => power.Args[0].AsValue() == of && power.Args[1].AsScalar().ToDouble() == 2,
        { Op: "aten::mul.Tensor" } product => product.Args[0].AsValue() == of && product.Args[1].AsValue() == of,
        _ => false,
    };

    // A constant of the normalized sizes becomes the weight (argument 2) or the bias (argument 3).
    private static Patch? With(Node node, int place, RewriteContext rewrite)
    {
        for (int side = 0; side < 2; side++)
        {
            if (rewrite.Producer(node.Args[side].AsValue()) is not { Op: LayerNorm or RmsNorm } norm || rewrite.UseCount(norm.Output) != 1 || norm.Output != node.Args[side].AsValue())
                continue;
            if (!norm.Args[place].IsNone || (norm.Op == LayerNorm && !norm.Args[3].IsNone))
                continue;
            int[] sizes = [.. norm.Args[1].AsInts().Select(s => (int)s)];
            if (rewrite.Constant(node.Args[1 - side]) is not { } constant || constant.Type != norm.Output.Spec.Type || !norm.Output.Spec.Equals(node.Output.Spec) || !IsOf(constant, sizes))
                continue;
            Argument[] args = [.. norm.Args];
            args[place] = constant.Rank == sizes.Length ? node.Args[1 - side] : rewrite.Builder.Constant(TensorTransforms.Reshape(constant, sizes), node.Args[1 - side].AsValue().Name);
            return new Patch(((IGraphBuilder)rewrite.Builder).CallMany(norm.Op, args)[0]);
        }
        return null;
    }

    private static bool IsOf(Tensor constant, int[] sizes) =>
        constant.Rank >= sizes.Length && constant.Sizes[^sizes.Length..].SequenceEqual(sizes) && constant.Numel == sizes.Aggregate(1L, (n, s) => n * s);

    private static Patch? Softmax(Node node, Argument divisor, RewriteContext rewrite)
    {
        // The sum may get its dimension back by a reshape.
        var sum = rewrite.Producer(divisor, "aten::view_copy") is { } view ? rewrite.Producer(view.Args[0].AsValue()) : rewrite.Producer(divisor.AsValue());
        if (rewrite.Producer(node.Args[0], "aten::exp") is not { } exp || sum is not { Op: "aten::sum.dim_IntList" } || sum.Args[0].AsValue() != exp.Output)
            return null;
        if (sum.Args[1].IsNone || Dims(sum) is not [var dim] || !IsReduced(divisor.AsSpec(), exp.Output.Spec, dim))
            return null;
        var x = exp.Args[0].AsValue();
        // What is the same along the dimension, as the largest element, changes nothing.
        if (rewrite.Producer(x) is { Op: "aten::sub.Tensor" } difference && difference.Args[1].IsValue && IsReduced(difference.Args[1].AsSpec(), x.Spec, dim) && rewrite.Constant(difference.Args[1]) is null)
            x = difference.Args[0].AsValue();
        // The kernel for doubles is written out as this again.
        return x.Spec.Equals(node.Output.Spec) && x.Spec.Type is not ScalarType.Double ? new Patch(((IGraphBuilder)rewrite.Builder).Call("aten::_softmax", x, dim, false)) : null;
    }

    private static bool IsReduced(TensorSpec spec, TensorSpec of, int dim) =>
        spec.Rank == of.Rank && Enumerable.Range(0, of.Rank).All(d => spec.Sizes[d] == (d == dim ? 1 : of.Sizes[d]));
}
