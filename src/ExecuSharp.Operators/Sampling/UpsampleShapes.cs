using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Sampling;

/// <summary>Output sizes given as sizes or as factors.</summary>
internal static class UpsampleShapes
{
    /// <summary>Checks the arguments, gives the output its sizes, and returns the factors of height and width.</summary>
    public static (double ScaleY, double ScaleX) Resize(in KernelArgs args, Tensor self, int sizeAt, int factorsAt, Tensor output)
    {
        KernelChecks.SameType(self, output);
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.Require(self.Rank == 4 && output.Rank == 4, $"an input of {self.Rank} dimensions");
        if (!KernelChecks.IsChannelsLast(self))
            KernelChecks.ContiguousOrder(self);
        bool hasSize = !args[sizeAt].IsNone, hasFactors = !args[factorsAt].IsNone;
        KernelChecks.Require(hasSize != hasFactors, "either sizes or factors are needed");
        Span<double> scale = stackalloc double[2];
        Span<int> sizes = [self.Sizes[0], self.Sizes[1], 0, 0];
        if (hasFactors)
            args[factorsAt].AsDoubles().CopyTo(Two(args[factorsAt].AsDoubles().Length, scale));
        else
            KernelChecks.Require(args.Ints(sizeAt).Length == 2, "two sizes are needed");
        for (int i = 0; i < 2; i++)
        {
            double size = hasFactors ? self.Sizes[2 + i] * scale[i] : args.Ints(sizeAt)[i];
            KernelChecks.Require(size >= 1 && size <= int.MaxValue && (!hasFactors || scale[i] > 0), $"a size of {size}");
            sizes[2 + i] = (int)size;
            if (hasSize)
                scale[i] = size / self.Sizes[2 + i];
        }
        KernelChecks.ResizeOut(output, sizes);
        return (scale[0], scale[1]);
    }

    /// <summary>The output at compile time.</summary>
    public static TensorSpec[] Sizes(IReadOnlyList<Argument> args, Argument size, Argument factors)
    {
        var self = args[0].AsSpec();
        Specs.Require(self.Rank == 4 && size.IsNone != factors.IsNone, $"change of resolution of {self}");
        if (!size.IsNone)
        {
            var given = size.AsDims();
            return [Specs.Like(self, self.Sizes[0], self.Sizes[1], given[0], given[^1])];
        }
        var list = factors.AsList();
        return [Specs.Like(self, self.Sizes[0], self.Sizes[1], Scaled(self.Sizes[2], list[0].AsDouble()), Scaled(self.Sizes[3], list[^1].AsDouble()))];
    }

    private static Dim Scaled(Dim size, double factor)
    {
        if (size.IsStatic)
            return (long)(size.Value * factor);
        Specs.Require(factor == Math.Floor(factor), $"a dynamic size times {factor}");
        return size * (long)factor;
    }

    private static Span<double> Two(int count, Span<double> target)
    {
        KernelChecks.Require(count == 2, $"{count} factors, two are needed");
        return target;
    }
}
