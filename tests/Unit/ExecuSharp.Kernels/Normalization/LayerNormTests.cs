using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Normalization;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Kernels.Threading;

namespace ExecuSharp.Tests.Unit.Kernels.Normalization;

public class LayerNormTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(5, 384)]
    [InlineData(200, 400)]
    public void AgreesWithDoublePrecision(int rows, int size)
    {
        var random = new Random(5);
        float[] Numbers(int count, float offset) => [.. Enumerable.Range(0, count).Select(_ => offset + random.NextSingle())];
        float[] input = Numbers(rows * size, 10), weight = Numbers(size, 0), bias = Numbers(size, 0);
        float[] output = new float[rows * size], mean = new float[rows], rstd = new float[rows];
        using var pool = new WorkerPool(2);
        foreach (var width in SimdWidths.Available)
        {
            LayerNorm.Run(new KernelContext(width, pool), rows, size, input, weight, bias, 1e-5f, output, mean, rstd);
            for (int r = 0; r < rows; r++)
            {
                var row = input.AsSpan(r * size, size).ToArray().Select(x => (double)x).ToArray();
                double m = row.Average(), s = 1 / Math.Sqrt(row.Select(x => (x - m) * (x - m)).Average() + 1e-5);
                Assert.Equal(m, mean[r], 1e-5);
                for (int i = 0; i < size; i++)
                    Assert.Equal(((row[i] - m) * s * weight[i]) + bias[i], output[(r * size) + i], 2e-4);
            }
        }
    }
}
