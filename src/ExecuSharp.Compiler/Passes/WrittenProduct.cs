using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>A product of several values and one number, in whatever order and grouping it is written.</summary>
/// <param name="Factors">The values; none is itself a product that only this one uses.</param>
/// <param name="Number">All numbers multiplied.</param>
internal sealed record WrittenProduct(IReadOnlyList<Value> Factors, double Number)
{
    /// <summary>The product that a call ends, or null.</summary>
    public static WrittenProduct? Of(Node node, RewriteContext rewrite)
    {
        var factors = new List<Value>();
        double number = 1;
        return Collect(node, rewrite, factors, ref number) ? new WrittenProduct(factors, number) : null;
    }

    private static bool Collect(Node node, RewriteContext rewrite, List<Value> factors, ref double number)
    {
        if (Numbers.Product(node, rewrite) is var (x, factor))
        {
            number *= factor;
            Add(x, rewrite, factors, ref number);
            return true;
        }
        if (node.Op != "aten::mul.Tensor" || !node.Args[0].IsValue || !node.Args[1].IsValue)
            return false;
        Add(node.Args[0].AsValue(), rewrite, factors, ref number);
        Add(node.Args[1].AsValue(), rewrite, factors, ref number);
        return true;
    }

    private static void Add(Value value, RewriteContext rewrite, List<Value> factors, ref double number)
    {
        if (rewrite.UseCount(value) != 1 || rewrite.Producer(value) is not { } node || !Collect(node, rewrite, factors, ref number))
            factors.Add(value);
    }
}
