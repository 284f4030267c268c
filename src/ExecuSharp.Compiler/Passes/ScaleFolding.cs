using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>
/// Takes factors into constants that are multiplied anyway: a factor for each channel (LayerScale) into the product before it, a number also through what
/// only moves data and through matrix products, so that attention's 1/√d ends in Wq, or at least at the queries; two numbers become one. A constant bias behind a convolution becomes its own.
/// </summary>
internal sealed class ScaleFolding : IRewriteRule
{
    // Products of numbers in this range neither overflow nor vanish.
    private const double Smallest = 1e-6, Largest = 1e6;

    private static readonly HashSet<string> Moves = new(StringComparer.Ordinal)
    {
        "aten::view_copy", "aten::unsqueeze_copy", "aten::squeeze_copy.dim", "aten::squeeze_copy.dims", "aten::permute_copy", "aten::transpose_copy.int", "aten::t_copy", "aten::expand_copy", "aten::clone",
    };

    public string Name => "scale folding";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (node.Outputs.Count != 1 || node.Output.Kind != ValueKind.Tensor || node.Output.Spec.Type != ScalarType.Float)
            return null;
        if (node.Op == "aten::bmm")
            return OneScale(node, rewrite);
        if (Numbers.Product(node, rewrite) is var (x, factor))
            return InRange(factor) && Scaled(x, factor, rewrite) is { } scaled ? new Patch(scaled) : null;
        return node.Op is "aten::mul.Tensor" or "aten::add.Tensor" ? Channels(node, rewrite) : null;
    }

    // (a·s)·(b·t) needs one number only.
    private static Patch? OneScale(Node node, RewriteContext rewrite)
    {
        for (int side = 0; side < 2; side++)
        {
            if (Bare(node.Args[side].AsValue(), rewrite) is not var (bare, factor) || !InRange(factor) || Scaled(node.Args[1 - side].AsValue(), factor, rewrite) is not { } other)
                continue;
            return new Patch(((IGraphBuilder)rewrite.Builder).Call(node.Op, side == 0 ? bare() : other, side == 0 ? other : bare()));
        }
        return null;
    }

    // A value without the number that it is multiplied by.
    private static (Func<Value> Value, double Factor)? Bare(Value value, RewriteContext rewrite)
    {
        if (rewrite.UseCount(value) != 1 || rewrite.Producer(value) is not { } node)
            return null;
        if (Numbers.Product(node, rewrite) is var (x, factor))
            return (() => x, factor);
        return Moves.Contains(node.Op) && Bare(node.Args[0].AsValue(), rewrite) is var (inner, found) ? (() => Anew(node, inner(), rewrite), found) : null;
    }

    /// <summary>A value times a number without a call more; null if no constant before it can take the number.</summary>
    private static Value? Scaled(Value value, double factor, RewriteContext rewrite)
    {
        if (rewrite.UseCount(value) != 1 || rewrite.Producer(value) is not { } node || value.Spec.Type != ScalarType.Float)
            return null;
        if (Numbers.Product(node, rewrite) is var (x, other))
            return InRange(other) && InRange(factor * other) ? Scaled(x, factor * other, rewrite) ?? ((IGraphBuilder)rewrite.Builder).Call("aten::mul.Scalar", x, factor * other) : null;
        if (node.Op == "aten::native_layer_norm")
            return value == node.Output ? ScaledNorm(node, (float)factor, rewrite) : null;
        if (Moves.Contains(node.Op))
            return Scaled(node.Args[0].AsValue(), factor, rewrite) is { } source ? Anew(node, source, rewrite) : null;
        if (node.Op == "aten::bmm")
        {
            IGraphBuilder b = rewrite.Builder;
            if (Scaled(node.Args[0].AsValue(), factor, rewrite) is { } left)
                return b.Call(node.Op, left, node.Args[1]);
            if (Scaled(node.Args[1].AsValue(), factor, rewrite) is { } right)
                return b.Call(node.Op, node.Args[0], right);
            // Queries are smaller than scores.
            return node.Args[0].AsSpec().MaxNumel < value.Spec.MaxNumel ? b.Call(node.Op, b.Call("aten::mul.Scalar", node.Args[0], factor), node.Args[1]) : null;
        }
        return OwnsWeight(node, rewrite) ? ProductScaling.Apply(node, [(float)factor], null, rewrite) : null;
    }

    private static Value? ScaledNorm(Node norm, float factor, RewriteContext rewrite)
    {
        if (norm.Outputs.Skip(1).Any(o => rewrite.UseCount(o) > 0))
            return null;
        Argument[] args = [.. norm.Args];
        foreach (int place in new[] { 2, 3 })
        {
            if (args[place].IsNone && place == 3)
                continue;
            if (rewrite.Constant(args[place]) is not { Type: ScalarType.Float } constant || rewrite.UseCount(args[place].AsValue()) != 1)
                return null;
            var scaled = constant.Clone();
            foreach (ref float w in scaled.Span<float>())
                w *= factor;
            args[place] = rewrite.Builder.Constant(scaled, args[place].AsValue().Name + ".folded");
        }
        return rewrite.Builder.Add(norm.Operator, args)[0];
    }

    private static Patch? Channels(Node node, RewriteContext rewrite)
    {
        bool multiplies = node.Op == "aten::mul.Tensor";
        for (int side = 0; side < 2; side++)
        {
            if (rewrite.Constant(node.Args[1 - side]) is not { Type: ScalarType.Float } constant || node.Args[side].Payload is not Value value || rewrite.UseCount(value) != 1 || !value.Spec.Equals(node.Output.Spec))
                continue;
            if (rewrite.Producer(value) is not { } product || (!multiplies && (product.Op != "aten::convolution" || node.Args[2].AsScalar().ToDouble() != 1)))
                continue;
            // A reshape that keeps the last dimension keeps the channels of a matrix product.
            var view = product.Op == "aten::view_copy" ? product : null;
            if (view is not null && (rewrite.UseCount(view.Args[0].AsValue()) != 1 || (product = rewrite.Producer(view.Args[0].AsValue())) is null || product.Op == "aten::convolution"))
                continue;
            int channel = product.Op == "aten::convolution" ? 1 : value.Spec.Rank - 1;
            if (product.Output.Spec.Rank == 0 || product.Output.Spec.Sizes[product.Op == "aten::convolution" ? 1 : ^1] != value.Spec.Sizes[channel] || !OwnsWeight(product, rewrite) || PerChannel(constant, value.Spec, channel) is not { } numbers)
                continue;
            var ones = Enumerable.Repeat(1f, numbers.Length).ToArray();
            if (ProductScaling.Apply(product, multiplies ? numbers : ones, multiplies ? null : numbers, rewrite) is { } folded)
                return new Patch(view is null ? folded : Anew(view, folded, rewrite));
        }
        return null;
    }

    // The numbers of a constant that differs along one dimension only.
    private static float[]? PerChannel(Tensor constant, TensorSpec spec, int channel)
    {
        int channels = (int)spec.Sizes[channel].Value, at = channel - (spec.Rank - constant.Rank);
        return at >= 0 && constant.Numel == channels && constant.Sizes[at] == channels ? constant.Span<float>().ToArray() : null;
    }

    // A weight that others use too would be stored twice.
    private static bool OwnsWeight(Node product, RewriteContext rewrite)
    {
        int weight = product.Op switch { "aten::linear" or "aten::convolution" or "aten::mm" => 1, "aten::addmm" => 2, _ => -1 };
        return weight >= 0 && product.Args[weight].IsValue && rewrite.Constant(product.Args[weight]) is not null && rewrite.UseCount(product.Args[weight].AsValue()) == 1;
    }

    private static Value Anew(Node node, Value source, RewriteContext rewrite) => rewrite.Builder.Add(node.Operator, [source, .. node.Args.Skip(1)])[0];

    private static bool InRange(double factor) => Math.Abs(factor) is >= Smallest and <= Largest;
}
