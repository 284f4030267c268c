using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Quantized;

/// <summary>Scales and zero points from the range of the data.</summary>
internal static class ChooseParametersOperators
{
    private const float SmallestScale = 6.1e-5f;

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("quantized_decomposed::choose_qparams.tensor(Tensor input, int quant_min, int quant_max, float eps, ScalarType dtype) -> (Tensor, Tensor)")
        {
            OutName = "quantized_decomposed::choose_qparams.Tensor_out",
            OutCount = 2,
            Kernel = PerTensor,
            Shape = _ => [new TensorSpec(ScalarType.Double, 1), new TensorSpec(ScalarType.Long, 1)],
        },
        new("quantized_decomposed::choose_qparams_per_token_asymmetric(Tensor input, ScalarType dtype) -> (Tensor, Tensor)")
        {
            OutName = "quantized_decomposed::choose_qparams_per_token_asymmetric.out",
            OutCount = 2,
            Kernel = PerToken,
            Shape = PerTokenShape,
        },
    ];

    private static void PerTensor(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), scale = args.Tensor(5), zeroPoint = args.Tensor(6);
        long min = args.Int(1), max = args.Int(2);
        Check(input, min, max, scale, zeroPoint);
        KernelChecks.Require(scale.Numel == 1 && zeroPoint.Numel == 1, $"a scale {scale} and a zero point {zeroPoint}");
        (scale.Span<double>()[0], zeroPoint.Span<long>()[0]) = Choose(input.Span<float>(), (int)min, (int)max);
    }

    private static void PerToken(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), scale = args.Tensor(2), zeroPoint = args.Tensor(3);
        KernelChecks.Require(input.Rank >= 1, "a zero-dimensional input");
        Span<int> sizes = stackalloc int[input.Rank];
        input.Sizes.CopyTo(sizes);
        sizes[^1] = 1;
        KernelChecks.ResizeOut(scale, sizes);
        KernelChecks.ResizeOut(zeroPoint, sizes);
        Check(input, sbyte.MinValue, sbyte.MaxValue, scale, zeroPoint);
        int size = input.Sizes[^1];
        for (int i = 0; i < scale.Numel; i++)
            (scale.Span<double>()[i], zeroPoint.Span<long>()[i]) = Choose(input.Span<float>().Slice(i * size, size), sbyte.MinValue, sbyte.MaxValue);
    }

    private static void Check(Tensor input, long min, long max, Tensor scale, Tensor zeroPoint)
    {
        KernelChecks.Require(min < max && min >= int.MinValue && max <= int.MaxValue, $"limits {min} and {max}");
        KernelChecks.Require(input.Type == ScalarType.Float, $"an input of type {input.Type.Name()}");
        KernelChecks.Require(scale.Type == ScalarType.Double && zeroPoint.Type == ScalarType.Long, $"a scale {scale} and a zero point {zeroPoint}");
    }

    private static (double Scale, long ZeroPoint) Choose(ReadOnlySpan<float> values, int lowest, int highest)
    {
        KernelChecks.Require(!values.IsEmpty, "no values");
        float min = values[0], max = values[0];
        foreach (float v in values)
        {
            min = v < min ? v : min;
            max = max < v ? v : max;
        }
        min = 0f < min ? 0f : min;
        max = max < 0f ? 0f : max;
        double scale = ((double)max - min) / unchecked(highest - lowest);
        if ((float)scale == 0 || float.IsInfinity(1f / (float)scale))
            scale = 0.1;
        KernelChecks.Require(scale > 0, $"a scale of {scale}");
        if (scale < SmallestScale)
        {
            float given = (float)scale;
            scale = SmallestScale;
            if (min == 0)
                max = SmallestScale * (highest - lowest);
            else if (max == 0)
                min = -SmallestScale * (highest - lowest);
            else
                (min, max) = (min * (SmallestScale / given), max * (SmallestScale / given));
        }
        return (scale, ZeroPoint(min, max, scale, lowest, highest));
    }

    // From the end of the range where the smaller terms are added.
    private static long ZeroPoint(float min, float max, double scale, int lowest, int highest)
    {
        double fromMin = lowest - (min / scale), fromMax = highest - (max / scale);
        double minError = Math.Abs((double)lowest) - Math.Abs(min / scale), maxError = Math.Abs((double)highest) - Math.Abs(max / scale);
        double first = minError < maxError ? fromMin : fromMax;
        if (first < lowest)
            return lowest;
        return first > highest ? highest : (long)MathF.Round((float)first, MidpointRounding.ToEven);
    }

    private static TensorSpec[] PerTokenShape(IReadOnlyList<Argument> args)
    {
        var input = args[0].AsSpec();
        var sizes = Specs.With(input.Sizes, input.Rank - 1, 1);
        return [new TensorSpec(ScalarType.Double, sizes), new TensorSpec(ScalarType.Long, sizes)];
    }
}
