using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Nhwc;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Tests.Unit.Kernels.Nhwc;

/// <summary>Channels-last kernels against the definition, at every vector width.</summary>
public sealed unsafe class NhwcKernelTests
{
    public static TheoryData<SimdWidth, int> Cases()
    {
        var data = new TheoryData<SimdWidth, int>();
        foreach (var width in Enum.GetValues<SimdWidth>())
            for (int seed = 0; seed < 25; seed++)
                data.Add(width, seed);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Depthwise_convolution(SimdWidth width, int seed)
    {
        var (g, input, random) = Make(seed);
        var filter = Numbers(random, g.KernelHeight * g.KernelWidth * g.Channels);
        var bias = Numbers(random, g.Channels);
        var output = new float[g.Pixels * g.Channels];
        int line = DepthwiseConvolution.PaddedWidth(g) * g.Channels;
        var padded = new float[line * g.Batch * g.Height];
        fixed (float* i = input, f = filter, b = bias, o = output, p = padded)
        {
            for (int row = 0; row < g.Batch * g.Height; row++)
                DepthwiseConvolution.Pad(g, 4, 0, (byte*)(i + (row * g.Width * g.Channels)), (byte*)(p + (row * line)));
            for (int row = 0; row < g.Batch * g.OutputHeight; row++)
                DepthwiseConvolution.Row(width, default(FloatSource), new FloatTarget(-3, 4), g, (byte*)p, f, b, (byte*)o, row);
        }
        Compare(g, output, (n, y, x, c) =>
        {
            double sum = bias[c];
            foreach (var (tap, value) in Window(g, input, n, y, x, c))
                sum += value * filter[(tap * g.Channels) + c];
            return Math.Clamp(sum, -3, 4);
        });
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Maximum_of_windows(SimdWidth width, int seed)
    {
        var (g, input, _) = Make(seed);
        var output = Pool(width, false, g, input);
        Compare(g, output, (n, y, x, c) => Window(g, input, n, y, x, c).Select(t => (double)t.Value).DefaultIfEmpty(double.NaN).Max());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Average_of_windows_does_not_count_padding(SimdWidth width, int seed)
    {
        var (g, input, _) = Make(seed);
        var output = Pool(width, true, g, input);
        Compare(g, output, (n, y, x, c) => Window(g, input, n, y, x, c).Select(t => (double)t.Value).DefaultIfEmpty(0).Average());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows_of_windows(SimdWidth width, int seed)
    {
        Assert.True(Enum.IsDefined(width));
        var (g, input, _) = Make(seed);
        int k = g.KernelHeight * g.KernelWidth * g.Channels;
        var rows = new float[g.Pixels * k];
        fixed (float* i = input, r = rows)
            WindowRows.Gather(g, (byte*)i, 4, 0, g.Channels, 0, 0, g.Pixels, (byte*)r, 4 * k);
        for (int pixel = 0; pixel < g.Pixels; pixel++)
            for (int c = 0; c < g.Channels; c++)
            {
                var expected = new float[g.KernelHeight * g.KernelWidth];
                foreach (var (tap, value) in Window(g, input, pixel / g.OutputWidth / g.OutputHeight, pixel / g.OutputWidth % g.OutputHeight, pixel % g.OutputWidth, c))
                    expected[tap] = value;
                for (int tap = 0; tap < expected.Length; tap++)
                    Assert.Equal(expected[tap], rows[(pixel * k) + (tap * g.Channels) + c]);
            }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Softmax_sums_to_one(SimdWidth width, int seed)
    {
        var random = new Random(seed);
        var x = Numbers(random, random.Next(1, 100));
        var y = new float[x.Length];
        fixed (float* from = x, to = y)
            SoftmaxRows.Run(width, from, to, x.Length);
        double total = x.Sum(v => Math.Exp(v));
        for (int i = 0; i < x.Length; i++)
            Assert.InRange(y[i] - (Math.Exp(x[i]) / total), -1e-6, 1e-6);
    }

    [Theory]
    [InlineData(ResizeMode.HalfPixel, 4, 8, new[] { 0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3 })]
    [InlineData(ResizeMode.AlignCorners, 3, 5, new[] { 0, 0.5, 1, 1.5, 2 })]
    [InlineData(ResizeMode.Legacy, 2, 4, new[] { 0, 0.5, 1, 1 })]
    public void Coordinates_of_a_resize(ResizeMode mode, int input, int output, double[] expected)
    {
        for (int i = 0; i < output; i++)
        {
            var (first, second, weight) = BilinearResize.Source(i, input, output, mode);
            Assert.Equal(expected[i], first + (weight * (second - first)), 6);
        }
    }

    private static float[] Pool(SimdWidth width, bool average, ConvolutionGeometry g, float[] input)
    {
        var output = new float[g.Pixels * g.Channels];
        fixed (float* i = input, o = output)
            for (int row = 0; row < g.Batch * g.OutputHeight; row++)
                Pooling.Row(width, average, default(FloatSource), new FloatTarget(float.NegativeInfinity, float.PositiveInfinity), g, (byte*)i, (byte*)o, row);
        return output;
    }

    private static (ConvolutionGeometry Geometry, float[] Input, Random Random) Make(int seed)
    {
        var random = new Random(seed);
        var g = new ConvolutionGeometry
        {
            Batch = random.Next(1, 3),
            Height = random.Next(3, 12),
            Width = random.Next(3, 20),
            Channels = random.Next(1, 40),
            KernelHeight = random.Next(1, 4),
            KernelWidth = random.Next(1, 4),
            StrideHeight = random.Next(1, 3),
            StrideWidth = random.Next(1, 3),
            DilationHeight = 1,
            DilationWidth = random.Next(1, 3),
        };
        g.PaddingTop = random.Next(0, g.KernelHeight);
        g.PaddingLeft = random.Next(0, g.KernelWidth);
        g.OutputHeight = Math.Max(0, ((g.Height + (2 * g.PaddingTop) - ((g.KernelHeight - 1) * g.DilationHeight) - 1) / g.StrideHeight) + 1);
        g.OutputWidth = Math.Max(0, ((g.Width + (2 * g.PaddingLeft) - ((g.KernelWidth - 1) * g.DilationWidth) - 1) / g.StrideWidth) + 1);
        return (g, Numbers(random, g.Batch * g.Height * g.Width * g.Channels), random);
    }

    private static IEnumerable<(int Tap, float Value)> Window(ConvolutionGeometry g, float[] input, int n, int y, int x, int c)
    {
        for (int ky = 0; ky < g.KernelHeight; ky++)
            for (int kx = 0; kx < g.KernelWidth; kx++)
            {
                int iy = (y * g.StrideHeight) - g.PaddingTop + (ky * g.DilationHeight), ix = (x * g.StrideWidth) - g.PaddingLeft + (kx * g.DilationWidth);
                if (iy >= 0 && ix >= 0 && iy < g.Height && ix < g.Width)
                    yield return ((ky * g.KernelWidth) + kx, input[(((((n * g.Height) + iy) * g.Width) + ix) * g.Channels) + c]);
            }
    }

    private static void Compare(ConvolutionGeometry g, float[] output, Func<int, int, int, int, double> expected)
    {
        int at = 0;
        for (int n = 0; n < g.Batch; n++)
            for (int y = 0; y < g.OutputHeight; y++)
                for (int x = 0; x < g.OutputWidth; x++)
                    for (int c = 0; c < g.Channels; c++, at++)
                        if (expected(n, y, x, c) is var wanted && !double.IsNaN(wanted))
                            Assert.True(Math.Abs(wanted - output[at]) <= 1e-5, $"{n} {y} {x} {c}: expected {wanted}, found {output[at]}");
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
}
