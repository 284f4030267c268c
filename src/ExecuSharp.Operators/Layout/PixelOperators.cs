using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Layout;

/// <summary>Exchange of channels and resolution.</summary>
internal static class PixelOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::pixel_shuffle(Tensor self, int upscale_factor) -> Tensor")
        {
            OutName = "aten::pixel_shuffle.out",
            Kernel = Shuffle,
            Shape = ShuffleShape,
        },
        new("aten::pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor")
        {
            OutName = "aten::pixel_unshuffle.out",
            Kernel = Unshuffle,
            Shape = UnshuffleShape,
        },
    ];

    private static void Shuffle(in KernelArgs args)
    {
        var (self, output, f) = Checked(args);
        int rank = self.Rank;
        KernelChecks.Require(self.Sizes[^3] % (f * f) == 0, $"{self.Sizes[^3]} channels are no multiple of {f * f}");
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        Span<int> sizes = stackalloc int[rank];
        self.Sizes.CopyTo(sizes);
        sizes[rank - 3] = (int)(sizes[rank - 3] / (f * f));
        sizes[rank - 2] = checked((int)(sizes[rank - 2] * f));
        sizes[rank - 1] = checked((int)(sizes[rank - 1] * f));
        KernelChecks.ResizeOut(output, sizes);
        if (self.Numel == 0)
            return;
        int factor = (int)f, height = self.Sizes[^2], width = self.Sizes[^1];
        // source [n, c, s1, s2, h, w] is read as [n, c, h, s1, w, s2]
        int planes = (int)(self.Numel / ((long)f * f * height * width));
        long plane = (long)height * width;
        ReadOnlySpan<int> view = [planes, height, factor, width, factor];
        LayoutCopy.Run(args.Context, self, 0, [f * f * plane, width, f * plane, 1, plane], output, 0, [f * f * plane, f * f * width, f * width, f, 1], view);
    }

    private static void Unshuffle(in KernelArgs args)
    {
        var (self, output, f) = Checked(args);
        int rank = self.Rank;
        KernelChecks.Require(self.Sizes[^1] % f == 0 && self.Sizes[^2] % f == 0, $"{self.Sizes[^2]} x {self.Sizes[^1]} is no multiple of {f}");
        Span<int> sizes = stackalloc int[rank];
        self.Sizes.CopyTo(sizes);
        sizes[rank - 3] = checked((int)(sizes[rank - 3] * f * f));
        sizes[rank - 2] = (int)(sizes[rank - 2] / f);
        sizes[rank - 1] = (int)(sizes[rank - 1] / f);
        KernelChecks.ResizeOut(output, sizes);
        if (self.Numel == 0)
            return;
        int factor = (int)f, height = sizes[rank - 2], width = sizes[rank - 1];
        int planes = (int)(self.Numel / ((long)f * f * height * width));
        long plane = (long)height * width;
        ReadOnlySpan<int> view = [planes, height, factor, width, factor];
        LayoutCopy.Run(args.Context, self, 0, [f * f * plane, f * f * width, f * width, f, 1], output, 0, [f * f * plane, width, f * plane, 1, plane], view);
    }

    private static (Tensor Self, Tensor Output, long Factor) Checked(in KernelArgs args)
    {
        var self = args.Tensor(0);
        var output = args.Tensor(2);
        long factor = args.Int(1);
        KernelChecks.SameType(self, output);
        KernelChecks.Require(self.Rank >= 3 && output.Rank >= 3, "at least 3 dimensions are needed");
        KernelChecks.Require(factor is > 0 and < 32768, $"a factor of {factor}");
        return (self, output, factor);
    }

    private static TensorSpec[] ShuffleShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        long f = args[1].AsInt();
        Specs.Require(self.Rank >= 3 && f > 0, $"pixel_shuffle of {self} by {f}");
        return [Specs.Like(self, [.. self.Sizes[..^3], self.Sizes[^3] / (f * f), self.Sizes[^2] * f, self.Sizes[^1] * f])];
    }

    private static TensorSpec[] UnshuffleShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        long f = args[1].AsInt();
        Specs.Require(self.Rank >= 3 && f > 0, $"pixel_unshuffle of {self} by {f}");
        return [Specs.Like(self, [.. self.Sizes[..^3], self.Sizes[^3] * (f * f), self.Sizes[^2] / f, self.Sizes[^1] / f])];
    }
}
