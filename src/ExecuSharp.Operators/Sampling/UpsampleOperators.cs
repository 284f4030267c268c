using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Layout;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Sampling;

/// <summary>Change of resolution.</summary>
internal static class UpsampleOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::upsample_nearest2d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor")
        {
            OutName = "aten::upsample_nearest2d.vec_out",
            Kernel = Nearest,
            Shape = args => UpsampleShapes.Sizes(args, args[1], args[2]),
        },
        new("aten::upsample_bilinear2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor")
        {
            OutName = "aten::upsample_bilinear2d.vec_out",
            Kernel = Bilinear,
            Shape = args => UpsampleShapes.Sizes(args, args[1], args[3]),
        },
        new("aten::_upsample_bilinear2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor")
        {
            OutName = "aten::_upsample_bilinear2d_aa.out",
            Kernel = Antialiased,
            Shape = args => UpsampleShapes.Sizes(args, args[1], Argument.None),
        },
    ];

    private static void Nearest(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), output = args.Tensor(3);
        var (scaleY, scaleX) = UpsampleShapes.Resize(args, self, 1, 2, output);
        KernelChecks.Require(Promotion.IsReal(self.Type), $"no kernel for elements of type {self.Type.Name()}");
        using Scratch<int> rented = new(output.Sizes[2]), alsoRented = new(output.Sizes[3]);
        Span<int> rows = rented.Span, columns = alsoRented.Span;
        NearestPlaces((float)(1 / scaleY), self.Sizes[2], rows);
        NearestPlaces((float)(1 / scaleX), self.Sizes[3], columns);
        Span<long> from = stackalloc long[4], to = stackalloc long[4];
        LayoutCopy.Strides(self, from);
        LayoutCopy.Strides(output, to);
        ReadOnlySpan<int> plane = [self.Sizes[0], self.Sizes[1], 1, 1];
        for (int y = 0; y < rows.Length; y++)
            for (int x = 0; x < columns.Length; x++)
                LayoutCopy.Run(args.Context, self, (rows[y] * from[2]) + (columns[x] * from[3]), from, output, (y * to[2]) + (x * to[3]), to, plane);
    }

    private static void NearestPlaces(float scale, int size, Span<int> places)
    {
        for (int i = 0; i < places.Length; i++)
            places[i] = (int)Math.Min((long)MathF.Floor(i * scale), size - 1);
    }

    private static void Bilinear(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), output = args.Tensor(4);
        bool align = args.Bool(2);
        var (scaleY, scaleX) = UpsampleShapes.Resize(args, self, 1, 3, output);
        using var rows = Taps.Bilinear(Ratio(self.Sizes[2], output.Sizes[2], align, scaleY), output.Sizes[2], self.Sizes[2], align);
        using var columns = Taps.Bilinear(Ratio(self.Sizes[3], output.Sizes[3], align, scaleX), output.Sizes[3], self.Sizes[3], align);
        Apply(args, self, output, rows, columns, stepwise: false);
    }

    private static void Antialiased(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), output = args.Tensor(5);
        var size = args.Ints(1);
        bool align = args.Bool(2);
        KernelChecks.Require(self.Rank == 4 && output.Rank == 4, $"an input of {self.Rank} dimensions");
        KernelChecks.SameType(self, output);
        KernelChecks.Require(size.Length == 2 && size[0] is > 0 and <= int.MaxValue && size[1] is > 0 and <= int.MaxValue, "an output size of two positive numbers is needed");
        KernelChecks.ResizeOut(output, [self.Sizes[0], self.Sizes[1], (int)size[0], (int)size[1]]);
        double? givenY = args.OptionalDouble(3), givenX = args.OptionalDouble(4);
        bool given = givenY is not null && givenX is not null;
        double scaleY = given ? givenY!.Value : (double)size[0] / self.Sizes[2], scaleX = given ? givenX!.Value : (double)size[1] / self.Sizes[3];
        using var rows = Taps.Antialiased(Ratio(self.Sizes[2], output.Sizes[2], align, scaleY), output.Sizes[2], self.Sizes[2]);
        using var columns = Taps.Antialiased(Ratio(self.Sizes[3], output.Sizes[3], align, scaleX), output.Sizes[3], self.Sizes[3]);
        Apply(args, self, output, rows, columns, stepwise: !self.Type.IsFloating());
    }

    // PyTorch's area_pixel_compute_scale.
    private static float Ratio(int size, int count, bool align, double scale) =>
        align ? (count > 1 ? (float)((double)(size - 1) / (count - 1)) : 0) : (float)(1 / scale);

    private static void Apply(in KernelArgs args, Tensor self, Tensor output, scoped in Taps rows, scoped in Taps columns, bool stepwise)
    {
        KernelChecks.Require(Promotion.IsReal(self.Type), $"no kernel for elements of type {self.Type.Name()}");
        if (self.Type == ScalarType.Double)
            Apply<double>(args, self, output, rows, columns, stepwise);
        else
            Apply<float>(args, self, output, rows, columns, stepwise);
    }

    private static void Apply<T>(in KernelArgs args, Tensor self, Tensor output, scoped in Taps rows, scoped in Taps columns, bool stepwise) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Values<T> x = Values<T>.Of(args.Context, self), y = Values<T>.For(args.Context, output);
        int width = self.Sizes[3], plane = self.Sizes[2] * width;
        int at = 0;
        for (int start = 0; start < x.Span.Length; start += plane)
            for (int i = 0; i < rows.Count; i++)
                for (int j = 0; j < columns.Count; j++)
                {
                    var part = x.Span[(start + (rows.First(i) * width) + columns.First(j))..(start + plane)];
                    y.Span[at++] = stepwise ? Stepwise<T>(part, width, rows.Weights(i), columns.Weights(j)) : Sum<T>(part, width, rows.Weights(i), columns.Weights(j));
                }
        y.Store(args.Context);
        x.Release();
    }

    private static T Sum<T>(ReadOnlySpan<T> part, int width, ReadOnlySpan<float> row, ReadOnlySpan<float> column) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int i = 0; i < row.Length; i++)
        {
            T line = T.Zero;
            for (int j = 0; j < column.Length; j++)
                line += part[(i * width) + j] * T.CreateTruncating(column[j]);
            sum += line * T.CreateTruncating(row[i]);
        }
        return sum;
    }

    // The official kernel adds integers in their own type: each step is cut to an integer.
    private static T Stepwise<T>(ReadOnlySpan<T> part, int width, ReadOnlySpan<float> row, ReadOnlySpan<float> column) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int i = 0; i < row.Length; i++)
            for (int j = 0; j < column.Length; j++)
                sum = T.Truncate(sum + (part[(i * width) + j] * T.CreateTruncating(row[i]) * T.CreateTruncating(column[j])));
        return sum;
    }
}
