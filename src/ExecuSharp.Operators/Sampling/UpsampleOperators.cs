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
        var rows = NearestPlaces((float)(1 / scaleY), output.Sizes[2], self.Sizes[2]);
        var columns = NearestPlaces((float)(1 / scaleX), output.Sizes[3], self.Sizes[3]);
        Span<long> from = stackalloc long[4], to = stackalloc long[4];
        LayoutCopy.Strides(self, from);
        LayoutCopy.Strides(output, to);
        ReadOnlySpan<int> plane = [self.Sizes[0], self.Sizes[1], 1, 1];
        for (int y = 0; y < rows.Length; y++)
            for (int x = 0; x < columns.Length; x++)
                LayoutCopy.Run(args.Context, self, (rows[y] * from[2]) + (columns[x] * from[3]), from, output, (y * to[2]) + (x * to[3]), to, plane);
    }

    private static int[] NearestPlaces(float scale, int count, int size)
    {
        var places = new int[count];
        for (int i = 0; i < count; i++)
            places[i] = (int)Math.Min((long)MathF.Floor(i * scale), size - 1);
        return places;
    }

    private static void Bilinear(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), output = args.Tensor(4);
        bool align = args.Bool(2);
        var (scaleY, scaleX) = UpsampleShapes.Resize(args, self, 1, 3, output);
        var rows = Taps.Bilinear(Ratio(self.Sizes[2], output.Sizes[2], align, scaleY), output.Sizes[2], self.Sizes[2], align);
        var columns = Taps.Bilinear(Ratio(self.Sizes[3], output.Sizes[3], align, scaleX), output.Sizes[3], self.Sizes[3], align);
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
        var rows = Taps.Antialiased(Ratio(self.Sizes[2], output.Sizes[2], align, scaleY), output.Sizes[2], self.Sizes[2]);
        var columns = Taps.Antialiased(Ratio(self.Sizes[3], output.Sizes[3], align, scaleX), output.Sizes[3], self.Sizes[3]);
        Apply(args, self, output, rows, columns, stepwise: !self.Type.IsFloating());
    }

    // PyTorch's area_pixel_compute_scale.
    private static float Ratio(int size, int count, bool align, double scale) =>
        align ? (count > 1 ? (float)((double)(size - 1) / (count - 1)) : 0) : (float)(1 / scale);

    private static void Apply(in KernelArgs args, Tensor self, Tensor output, Taps[] rows, Taps[] columns, bool stepwise)
    {
        KernelChecks.Require(Promotion.IsReal(self.Type), $"no kernel for elements of type {self.Type.Name()}");
        if (self.Type == ScalarType.Double)
            Apply<double>(args, self, output, rows, columns, stepwise);
        else
            Apply<float>(args, self, output, rows, columns, stepwise);
    }

    private static void Apply<T>(in KernelArgs args, Tensor self, Tensor output, Taps[] rows, Taps[] columns, bool stepwise) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Values<T> x = Values<T>.Of(args.Context, self), y = Values<T>.For(args.Context, output);
        int width = self.Sizes[3], plane = self.Sizes[2] * width;
        int at = 0;
        for (int start = 0; start < x.Span.Length; start += plane)
            foreach (var row in rows)
                foreach (var column in columns)
                    y.Span[at++] = stepwise
                        ? Stepwise<T>(x.Span.Slice(start, plane), width, row, column)
                        : Sum<T>(x.Span.Slice(start, plane), width, row, column);
        y.Store(args.Context);
        x.Release();
    }

    private static T Sum<T>(ReadOnlySpan<T> plane, int width, Taps row, Taps column) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int i = 0; i < row.Weights.Length; i++)
        {
            T line = T.Zero;
            for (int j = 0; j < column.Weights.Length; j++)
                line += plane[((row.First + i) * width) + column.First + j] * T.CreateTruncating(column.Weights[j]);
            sum += line * T.CreateTruncating(row.Weights[i]);
        }
        return sum;
    }

    // The official kernel adds integers in their own type: each step is cut to an integer.
    private static T Stepwise<T>(ReadOnlySpan<T> plane, int width, Taps row, Taps column) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int i = 0; i < row.Weights.Length; i++)
            for (int j = 0; j < column.Weights.Length; j++)
                sum = T.Truncate(sum + (plane[((row.First + i) * width) + column.First + j] * T.CreateTruncating(row.Weights[i]) * T.CreateTruncating(column.Weights[j])));
        return sum;
    }
}
