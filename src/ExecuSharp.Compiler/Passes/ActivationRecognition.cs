using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>
/// Activations written out as products. GELU: x·½·(1 + erf(x/√2)), or ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))). Hard swish: x·clamp(x + 3, 0, 6)/6, or
/// x·clamp(x/6 + ½, 0, 1).
/// </summary>
internal sealed class ActivationRecognition : IRewriteRule
{
    public string Name => "activation recognition";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (node.Op is not ("aten::mul.Tensor" or "aten::mul.Scalar" or "aten::div.Tensor" or "aten::div.Scalar") || WrittenProduct.Of(node, rewrite) is not { Factors: [var a, var b] } product)
            return null;
        return Match(a, b, product.Number, node, rewrite) ?? Match(b, a, product.Number, node, rewrite);
    }

    private static Patch? Match(Value x, Value gate, double number, Node node, RewriteContext rewrite)
    {
        if (!x.Spec.Equals(node.Output.Spec))
            return null;
        IGraphBuilder b = rewrite.Builder;
        if (Numbers.Same(number, 0.5) && Numbers.Sum(gate, rewrite) is var (curve, one) && Numbers.Same(one, 1) && rewrite.Producer(curve) is { } function)
        {
            if (function.Op == "aten::erf" && Numbers.Product(function.Args[0].AsValue(), rewrite) is var (argument, factor) && argument == x && Numbers.Same(factor, 1 / Math.Sqrt(2)))
                return new Patch(b.Call("aten::gelu", x, "none"));
            if (function.Op == "aten::tanh" && IsCubic(function.Args[0].AsValue(), x, rewrite))
                return new Patch(b.Call("aten::gelu", x, "tanh"));
        }
        return IsHardSigmoid(gate, number, x, rewrite) ? new Patch(b.Call("aten::hardswish", x)) : null;
    }

    private static bool IsCubic(Value value, Value x, RewriteContext rewrite)
    {
        if (Numbers.Product(value, rewrite) is not var (sum, factor) || !Numbers.Same(factor, Math.Sqrt(2 / Math.PI)))
            return false;
        if (rewrite.Producer(sum) is not { Op: "aten::add.Tensor" } add || add.Args[2].AsScalar().ToDouble() != 1)
            return false;
        var cubic = add.Args[0].AsValue() == x ? add.Args[1].AsValue() : add.Args[1].AsValue() == x ? add.Args[0].AsValue() : null;
        if (cubic is null || rewrite.Producer(cubic) is not { } node || WrittenProduct.Of(node, rewrite) is not { } product || !Numbers.Same(product.Number, 0.044715))
            return false;
        return product.Factors.Sum(f => Power(f, x, rewrite)) == 3 && product.Factors.All(f => Power(f, x, rewrite) > 0);
    }

    // The exponent if a value is a power of x, else 0.
    private static double Power(Value value, Value x, RewriteContext rewrite)
    {
        if (value == x)
            return 1;
        return rewrite.Producer(value) switch
        {
            { Op: "aten::pow.Tensor_Scalar" } power when power.Args[0].AsValue() == x => power.Args[1].AsScalar().ToDouble(),
            { Op: "aten::mul.Tensor" } square when square.Args[0].AsValue() == x && square.Args[1].AsValue() == x => 2,
            _ => 0,
        };
    }

    private static bool IsHardSigmoid(Value gate, double number, Value x, RewriteContext rewrite)
    {
        if (rewrite.Producer(gate) is not { Op: "aten::clamp" or "aten::hardtanh" } clamp || Numbers.Of(clamp.Args[1], rewrite) != 0 || Numbers.Of(clamp.Args[2], rewrite) is not { } top)
            return false;
        if (Numbers.Sum(clamp.Args[0].AsValue(), rewrite) is not var (line, offset))
            return false;
        double slope = 1;
        if (line != x)
        {
            if (Numbers.Product(line, rewrite) is not var (source, factor) || source != x)
                return false;
            slope = factor;
        }
        // number · clamp(slope·x + offset, 0, top) = clamp(x/6 + ½, 0, 1)
        return Numbers.Same(number * top, 1) && Numbers.Same(slope / top, 1.0 / 6) && Numbers.Same(offset / top, 0.5);
    }
}
