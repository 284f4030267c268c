using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>
/// A permutation behind element-wise calls of permuted values is done once: what is computed between the two permutations is computed in the order before
/// the first one.
/// </summary>
internal sealed class TransposeSinking : IRewriteRule
{
    private const string Permute = "aten::permute_copy";

    private static readonly HashSet<string> Elementwise = new(StringComparer.Ordinal)
    {
        "aten::add.Tensor", "aten::sub.Tensor", "aten::mul.Tensor", "aten::div.Tensor", "aten::maximum", "aten::minimum", "aten::add.Scalar", "aten::sub.Scalar", "aten::mul.Scalar", "aten::div.Scalar",
        "aten::abs", "aten::clamp", "aten::elu", "aten::erf", "aten::exp", "aten::gelu", "aten::hardswish", "aten::hardtanh", "aten::leaky_relu", "aten::log", "aten::neg", "aten::pow.Tensor_Scalar", "aten::relu",
        "aten::rsqrt", "aten::sigmoid", "aten::sqrt", "aten::tanh",
    };

    public string Name => "transpose sinking";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (node.Op != Permute || rewrite.Producer(node.Args[0].AsValue()) is not { Op: not Permute } last || First(last, rewrite) is not { } first)
            return null;
        var order = Order(first);
        if (Before(node.Args[0].AsValue(), order, rewrite) is not { } source)
            return null;
        long[] both = [.. Order(node).Select(d => order[d])];
        return new Patch(((IGraphBuilder)rewrite.Builder).Call(Permute, source, both));
    }

    // The permutation before a chain of element-wise calls.
    private static Node? First(Node node, RewriteContext rewrite)
    {
        if (node.Op == Permute)
            return node;
        return Elementwise.Contains(node.Op) ? node.Inputs.Select(rewrite.Producer).OfType<Node>().Select(p => First(p, rewrite)).FirstOrDefault(p => p is not null) : null;
    }

    // What gives a value when it is permuted; null if that takes a call more.
    private static Value? Before(Value value, long[] order, RewriteContext rewrite)
    {
        if (rewrite.Builder.ConstantOf(value) is { } constant)
        {
            if (constant.Numel == 1 && constant.Rank <= order.Length)
                return value;
            var aligned = rewrite.Builder.Constant(TensorTransforms.Reshape(constant, [.. Enumerable.Repeat(1, order.Length - constant.Rank), .. constant.Sizes.ToArray()]), value.Name);
            return ((IGraphBuilder)rewrite.Builder).Call(Permute, aligned, Inverse(order));
        }
        if (rewrite.UseCount(value) != 1 || rewrite.Producer(value) is not { } node || value.Spec.Rank != order.Length)
            return null;
        if (node.Op == Permute)
            return Order(node).SequenceEqual(order) ? node.Args[0].AsValue() : null;
        if (!Elementwise.Contains(node.Op))
            return null;
        Argument[] args = [.. node.Args];
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].IsValue)
                continue;
            if (Before(args[i].AsValue(), order, rewrite) is not { } source)
                return null;
            args[i] = source;
        }
        return rewrite.Builder.Add(node.Operator, args)[0];
    }

    private static long[] Order(Node permutation) => [.. permutation.Args[1].AsInts().Select(d => d < 0 ? d + permutation.Output.Spec.Rank : d)];

    private static long[] Inverse(long[] order) => [.. Enumerable.Range(0, order.Length).Select(d => (long)Array.IndexOf(order, d))];
}
