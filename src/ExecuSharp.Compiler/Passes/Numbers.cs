using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>Calls with a number for one operand, in the forms that exporters write: a literal, or a constant of one element.</summary>
internal static class Numbers
{
    // Constants are written with as few as five digits.
    private const double Tolerance = 1e-5;

    /// <summary>A literal, or the element of a constant; null for anything else.</summary>
    public static double? Of(Argument argument, RewriteContext rewrite)
    {
        if (argument.IsNumber)
            return argument.AsScalar().ToDouble();
        return rewrite.Constant(argument) is { Numel: 1 } tensor && tensor.Type.IsFloating() ? TensorTransforms.ToFloat(tensor, 0) : null;
    }

    /// <summary>x and f if a value is x·f or x/(1/f).</summary>
    public static (Value X, double Factor)? Product(Value value, RewriteContext rewrite) => rewrite.Producer(value) is { } node ? Product(node, rewrite) : null;

    /// <summary>x and f if a call computes x·f or x/(1/f).</summary>
    public static (Value X, double Factor)? Product(Node node, RewriteContext rewrite) => node.Op switch
    {
        "aten::mul.Scalar" or "aten::mul.Tensor" => WithNumber(node, rewrite),
        "aten::div.Scalar" or "aten::div.Tensor" when Kept(node, 0) is { } x && Of(node.Args[1], rewrite) is { } divisor && divisor != 0 => (x, 1 / divisor),
        _ => null,
    };

    /// <summary>x and t if a value is x + t or x − (−t).</summary>
    public static (Value X, double Term)? Sum(Value value, RewriteContext rewrite)
    {
        if (rewrite.Producer(value) is not { } node || node.Args.Count < 3 || !node.Args[2].IsNumber)
            return null;
        double alpha = node.Args[2].AsScalar().ToDouble();
        return node.Op switch
        {
            "aten::add.Scalar" or "aten::add.Tensor" when alpha == 1 => WithNumber(node, rewrite),
            "aten::sub.Scalar" or "aten::sub.Tensor" when Kept(node, 0) is { } x && Of(node.Args[1], rewrite) is { } term => (x, -term * alpha),
            _ => null,
        };
    }

    /// <summary>True if two numbers are meant to be the same.</summary>
    public static bool Same(double a, double b) => Math.Abs(a - b) <= Tolerance * Math.Max(Math.Abs(b), 0.1);

    private static (Value X, double Number)? WithNumber(Node node, RewriteContext rewrite)
    {
        for (int side = 0; side < 2; side++)
            if (Kept(node, side) is { } x && Of(node.Args[1 - side], rewrite) is { } number)
                return (x, number);
        return null;
    }

    // The result must have the sizes and the type of the operand that stays.
    private static Value? Kept(Node node, int side) =>
        node.Args[side].Payload is Value { Kind: ValueKind.Tensor } x && x.Spec.Type.IsFloating() && x.Spec.Type == node.Output.Spec.Type && x.Spec.Sizes.AsSpan().SequenceEqual(node.Output.Spec.Sizes) ? x : null;
}
