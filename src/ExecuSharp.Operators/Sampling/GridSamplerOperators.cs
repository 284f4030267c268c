using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Sampling;

/// <summary>Sampling at given points.</summary>
internal static class GridSamplerOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::grid_sampler_2d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor")
        {
            OutName = "aten::grid_sampler_2d.out",
            Kernel = Sample,
            Shape = Shape,
        },
    ];

    private static void Sample(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), grid = args.Tensor(1), output = args.Tensor(5);
        long interpolation = args.Int(2), padding = args.Int(3);
        KernelChecks.Require(input.Rank == 4 && grid.Rank == 4 && grid.Sizes[3] == 2 && input.Sizes[0] == grid.Sizes[0], $"input {input}, grid {grid}");
        KernelChecks.ContiguousOrder(input);
        KernelChecks.SameType(input, grid);
        KernelChecks.SameType(input, output);
        KernelChecks.ResizeOut(output, [input.Sizes[0], input.Sizes[1], grid.Sizes[1], grid.Sizes[2]]);
        KernelChecks.Require(interpolation is >= 0 and <= 2 && padding is >= 0 and <= 2, $"interpolation mode {interpolation}, padding mode {padding}");
        if (output.Numel == 0)
            return;
        KernelChecks.Require(input.Numel > 0, "an empty input");
        // The official kernel computes Half coordinates in Half but for bilinear interpolation.
        if (input.Type == ScalarType.Half && interpolation != (long)GridInterpolation.Bilinear)
            Sample<Half>(args, input, grid, output, (GridInterpolation)interpolation, (GridPadding)padding);
        else if (Compute.OfFloating(input.Type) == ScalarType.Double)
            Sample<double>(args, input, grid, output, (GridInterpolation)interpolation, (GridPadding)padding);
        else
            Sample<float>(args, input, grid, output, (GridInterpolation)interpolation, (GridPadding)padding);
    }

    private static void Sample<T>(in KernelArgs args, Tensor input, Tensor grid, Tensor output, GridInterpolation interpolation, GridPadding padding) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Values<T> x = Values<T>.Of(args.Context, input), g = Values<T>.Of(args.Context, grid), y = Values<T>.For(args.Context, output);
        var sampler = new GridSampler<T>(input.Sizes[2], input.Sizes[3], interpolation, padding, args.Bool(4));
        int channels = input.Sizes[1], plane = input.Sizes[2] * input.Sizes[3], points = grid.Sizes[1] * grid.Sizes[2];
        for (int i = 0; i < input.Sizes[0] * channels; i++)
        {
            var from = x.Span.Slice(i * plane, plane);
            var places = g.Span.Slice(i / channels * points * 2, points * 2);
            for (int p = 0; p < points; p++)
                y.Span[(i * points) + p] = sampler.At(from, places[2 * p], places[(2 * p) + 1]);
        }
        y.Store(args.Context);
        x.Release();
        g.Release();
    }

    private static TensorSpec[] Shape(IReadOnlyList<Argument> args)
    {
        TensorSpec input = args[0].AsSpec(), grid = args[1].AsSpec();
        Specs.Require(input.Rank == 4 && grid.Rank == 4, $"grid sampling of {input} at {grid}");
        return [Specs.Like(input, input.Sizes[0], input.Sizes[1], grid.Sizes[1], grid.Sizes[2])];
    }
}
