using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Layout;

/// <summary>Sizes of views at compile time.</summary>
internal static class ViewShapes
{
    public static TensorSpec[] View(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        var sizes = args[1].AsDims();
        int inferred = Array.FindIndex(sizes, s => s is { IsStatic: true, Value: -1 });
        if (inferred >= 0)
        {
            Specs.Require(Array.FindLastIndex(sizes, s => s is { IsStatic: true, Value: -1 }) == inferred, "more than one size is -1");
            sizes[inferred] = Quotient(self.Sizes, Specs.Without(sizes, inferred));
        }
        long n = sizes.Aggregate(1L, (p, s) => p * s.Value);
        Specs.Require(n == self.MaxNumel, $"{self} becomes [{string.Join(", ", sizes)}]");
        return [new TensorSpec(self.Type, sizes)];
    }

    /// <summary>The product of one list divided by that of another, with equal sizes cancelled first.</summary>
    public static Dim Quotient(Dim[] sizes, Dim[] divisors)
    {
        var above = sizes.ToList();
        Dim below = 1;
        long number = 1;
        foreach (var d in divisors)
        {
            if (d.IsStatic)
                number *= d.Value;
            else if (!above.Remove(d))
                below *= d;
        }
        long fixedPart = above.Where(d => d.IsStatic).Aggregate(1L, (p, d) => p * d.Value);
        var dynamicPart = Specs.Product(above.Where(d => !d.IsStatic));
        Specs.Require(number != 0, "a size cannot be inferred beside a size of 0");
        var quotient = fixedPart % number == 0
            ? dynamicPart * (fixedPart / number)
            : number % fixedPart == 0 ? dynamicPart / (number / fixedPart) : dynamicPart * fixedPart / number;
        return quotient / below;
    }

    public static TensorSpec[] Expand(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        var sizes = args[1].AsDims();
        int lead = sizes.Length - self.Rank;
        Specs.Require(lead >= 0, $"{sizes.Length} sizes for {self}");
        for (int i = 0; i < sizes.Length; i++)
        {
            if (i >= lead && sizes[i] is { IsStatic: true, Value: -1 })
                sizes[i] = self.Sizes[i - lead];
            Dim own = i < lead ? 1 : self.Sizes[i - lead];
            Specs.Require(sizes[i].Value >= 0 && (own.Value == sizes[i].Value || own.Value == 1), $"{self} expands to [{string.Join(", ", sizes)}]");
        }
        return [Specs.Like(self, sizes)];
    }

    public static TensorSpec[] SqueezeDim(IReadOnlyList<Argument> args) => Squeeze(args[0].AsSpec(), [args[1].AsInt()]);

    public static TensorSpec[] SqueezeDims(IReadOnlyList<Argument> args) => Squeeze(args[0].AsSpec(), args[1].AsInts());

    public static TensorSpec[] Unsqueeze(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        int d = Specs.WrapDim(args[1].AsInt(), self.Rank + 1);
        return [new TensorSpec(self.Type, [.. self.Sizes[..d], 1, .. self.Sizes[d..]])];
    }

    private static TensorSpec[] Squeeze(TensorSpec self, long[] dims)
    {
        var given = dims.Select(d => Specs.WrapDim(d, self.Rank)).ToHashSet();
        return [Specs.Like(self, [.. self.Sizes.Where((s, d) => !(given.Contains(d) && s is { IsStatic: true, Value: 1 }))])];
    }
}
