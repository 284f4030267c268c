using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>
/// Layer norm written out, (x − mean)/√(mean((x − mean)²) + eps), becomes one call, and takes in the constants that multiply it and are added to it.
/// Softmax written out, exp(x − max)/Σexp(x − max), becomes one call.
/// </summary>
internal sealed class NormalizationRecognition : IRewriteRule
{
    private const string LayerNorm = "aten::native_layer_norm";

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

    private static Patch? Normalized(Node node, Argument centred, Value? variance, RewriteContext rewrite)
    {
        if (variance is null || Numbers.Sum(variance, rewrite) is not var (mean, eps) || eps <= 0)
            return null;
        if (Mean(mean, rewrite) is not var (squares, dims) || !IsSquare(squares, centred.AsValue(), rewrite))
            return null;
        if (rewrite.Producer(centred, "aten::sub.Tensor") is not { } difference || difference.Args[2].AsScalar().ToDouble() != 1 || Mean(difference.Args[1].AsValue(), rewrite) is not var (x, same))
            return null;
        var spec = x.Spec;
        if (x != difference.Args[0].AsValue() || !spec.Equals(node.Output.Spec) || !dims.SequenceEqual(same) || !dims.SequenceEqual(Enumerable.Range(spec.Rank - dims.Length, dims.Length)))
            return null;
        var sizes = spec.Sizes[^dims.Length..];
        return sizes.All(s => s.IsStatic) ? new Patch(((IGraphBuilder)rewrite.Builder).Call(LayerNorm, x, Array.ConvertAll(sizes, s => s.Value), Argument.None, Argument.None, eps)) : null;
    }

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
            if (rewrite.Producer(node.Args[side], LayerNorm) is not { } norm || !norm.Args[place].IsNone || !norm.Args[3].IsNone || rewrite.UseCount(norm.Output) != 1 || norm.Output != node.Args[side].AsValue())
                continue;
            int[] sizes = [.. norm.Args[1].AsInts().Select(s => (int)s)];
            if (rewrite.Constant(node.Args[1 - side]) is not { } constant || constant.Type != norm.Output.Spec.Type || !norm.Output.Spec.Equals(node.Output.Spec) || !IsOf(constant, sizes))
                continue;
            Argument[] args = [.. norm.Args];
            args[place] = constant.Rank == sizes.Length ? node.Args[1 - side] : rewrite.Builder.Constant(TensorTransforms.Reshape(constant, sizes), node.Args[1 - side].AsValue().Name);
            return new Patch(((IGraphBuilder)rewrite.Builder).CallMany(LayerNorm, args)[0]);
        }
        return null;
    }

    private static bool IsOf(Tensor constant, int[] sizes) =>
        constant.Rank >= sizes.Length && constant.Sizes[^sizes.Length..].SequenceEqual(sizes) && constant.Numel == sizes.Aggregate(1L, (n, s) => n * s);

    private static Patch? Softmax(Node node, Argument divisor, RewriteContext rewrite)
    {
        if (rewrite.Producer(node.Args[0], "aten::exp") is not { } exp || rewrite.Producer(divisor, "aten::sum.dim_IntList") is not { } sum || sum.Args[0].AsValue() != exp.Output)
            return null;
        if (sum.Args[1].IsNone || !sum.Args[2].AsBool() || Dims(sum) is not [var dim])
            return null;
        var x = exp.Args[0].AsValue();
        if (rewrite.Producer(x) is { Op: "aten::sub.Tensor" } difference && IsMaximum(difference, dim, rewrite))
            x = difference.Args[0].AsValue();
        return x.Spec.Equals(node.Output.Spec) ? new Patch(((IGraphBuilder)rewrite.Builder).Call("aten::_softmax", x, dim, false)) : null;
    }

    private static bool IsMaximum(Node difference, int dim, RewriteContext rewrite) =>
        difference.Args[2].AsScalar().ToDouble() == 1 && rewrite.Producer(difference.Args[1], "aten::amax") is { } max
        && max.Args[0].AsValue() == difference.Args[0].AsValue() && max.Args[2].AsBool() && Dims(max).SequenceEqual([dim]);
}
