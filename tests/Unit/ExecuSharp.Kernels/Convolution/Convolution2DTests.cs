using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Convolution;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Kernels.Threading;

namespace ExecuSharp.Tests.Unit.Kernels.Convolutions;

public class Convolution2DTests
{
    public static TheoryData<ConvolutionShape> Shapes() =>
    [
        new(1, 1, 3, 9, 11, 5, 9, 11, 3, 3, 1, 1, 1, 1, 1, 1),
        new(2, 2, 4, 8, 7, 6, 4, 3, 3, 3, 2, 2, 1, 0, 1, 1),
        new(1, 8, 8, 13, 40, 8, 13, 40, 5, 5, 1, 1, 2, 2, 1, 1),
        new(1, 4, 4, 10, 10, 8, 5, 5, 3, 3, 2, 2, 1, 1, 1, 1),
        new(2, 1, 6, 7, 9, 4, 7, 9, 1, 1, 1, 1, 0, 0, 1, 1),
        new(1, 1, 2, 12, 12, 3, 8, 8, 3, 3, 1, 1, 0, 0, 2, 2),
        new(1, 1, 2, 1, 30, 3, 1, 26, 1, 5, 1, 1, 0, 0, 1, 1),
        new(1, 1, 16, 40, 40, 8, 40, 40, 3, 3, 1, 1, 1, 1, 1, 1),
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AgreesWithTheSumInDoublePrecision(ConvolutionShape s)
    {
        float[] input = Numbers(s.Batch * s.InChannels * s.InPlane, 1), weight = Numbers(s.OutChannels * s.Window, 2), bias = Numbers(s.OutChannels, 3);
        var output = new float[s.Batch * s.OutChannels * s.OutPlane];
        using var pool = new WorkerPool(2);
        foreach (var width in SimdWidths.Available)
        {
            Convolution2D.Run(new KernelContext(width, pool), s, input, weight, bias, output);
            for (int i = 0; i < output.Length; i++)
            {
                var (expected, magnitude) = Expected(s, input, weight, bias, i);
                Assert.True(Math.Abs(expected - output[i]) <= (s.Window + 1) * Math.Pow(2, -24) * magnitude, $"{width} {s}: [{i}] is {output[i]}, {expected} expected");
            }
        }
    }

    private static (double Sum, double Magnitude) Expected(ConvolutionShape s, float[] input, float[] weight, float[] bias, int place)
    {
        int x = place % s.OutWidth, y = place / s.OutWidth % s.OutHeight, channel = place / s.OutPlane % s.OutChannels, image = place / s.OutPlane / s.OutChannels;
        double sum = bias[channel], magnitude = Math.Abs(sum);
        for (int c = 0; c < s.InPerGroup; c++)
            for (int ky = 0; ky < s.KernelHeight; ky++)
                for (int kx = 0; kx < s.KernelWidth; kx++)
                {
                    int row = (y * s.StrideY) + (ky * s.DilationY) - s.PadTop, column = (x * s.StrideX) + (kx * s.DilationX) - s.PadLeft;
                    if (row < 0 || row >= s.InHeight || column < 0 || column >= s.InWidth)
                        continue;
                    int from = (image * s.InChannels) + (channel / s.OutPerGroup * s.InPerGroup) + c;
                    double term = (double)input[(((from * s.InHeight) + row) * s.InWidth) + column] * weight[(((((channel * s.InPerGroup) + c) * s.KernelHeight) + ky) * s.KernelWidth) + kx];
                    sum += term;
                    magnitude += Math.Abs(term);
                }
        return (sum, magnitude);
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        var numbers = new float[count];
        for (int i = 0; i < count; i++)
            numbers[i] = (random.NextSingle() * 2) - 1;
        return numbers;
    }
}
