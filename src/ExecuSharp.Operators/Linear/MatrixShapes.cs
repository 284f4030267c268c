using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Linear;

/// <summary>Sizes of products at compile time.</summary>
internal static class MatrixShapes
{
    public static TensorSpec[] Mm(IReadOnlyList<Argument> args) => [Product(args[0].AsSpec(), args[1].AsSpec())];

    public static TensorSpec[] Addmm(IReadOnlyList<Argument> args) => [Product(args[1].AsSpec(), args[2].AsSpec())];

    public static TensorSpec[] Bmm(IReadOnlyList<Argument> args)
    {
        TensorSpec a = args[0].AsSpec(), b = args[1].AsSpec();
        Specs.Require(a.Rank == 3 && b.Rank == 3 && a.Sizes[0].Value == b.Sizes[0].Value && a.Sizes[2].Value == b.Sizes[1].Value, $"{a} times {b}");
        return [new TensorSpec(a.Type, a.Sizes[0], a.Sizes[1], b.Sizes[2])];
    }

    public static TensorSpec[] Linear(IReadOnlyList<Argument> args)
    {
        TensorSpec a = args[0].AsSpec(), w = args[1].AsSpec();
        Specs.Require(w.Rank == 2 && a.Rank >= 1 && a.Sizes[^1].Value == w.Sizes[1].Value, $"linear of {a} with weight {w}");
        return [new TensorSpec(a.Type, [.. a.Sizes[..^1], w.Sizes[0]])];
    }

    private static TensorSpec Product(TensorSpec a, TensorSpec b)
    {
        Specs.Require(a.Rank == 2 && b.Rank == 2 && a.Sizes[1].Value == b.Sizes[0].Value, $"{a} times {b}");
        return new TensorSpec(a.Type, a.Sizes[0], b.Sizes[1]);
    }
}
