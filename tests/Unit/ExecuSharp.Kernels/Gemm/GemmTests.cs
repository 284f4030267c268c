using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Kernels.Threading;

namespace ExecuSharp.Tests.Unit.Kernels.Products;

public class GemmTests
{
    private static readonly (int M, int N, int K)[] Sizes = [(1, 1, 1), (1, 7, 3), (17, 33, 9), (5, 64, 16), (8, 40, 700), (13, 31, 0), (9, 100, 390), (3, 5, 1000), (20, 2, 5), (7, 96, 385)];

    [Fact]
    public void AgreesWithTheSumInDoublePrecision()
    {
        using var pool = new WorkerPool(2);
        foreach (var width in SimdWidths.Available)
            foreach (var (m, n, k) in Sizes)
                foreach (var kind in Enum.GetValues<Ending>())
                    for (int form = 0; form < 4; form++)
                        Check(new KernelContext(width, pool), m, n, k, kind, transposed: form % 2 == 1, packed: form >= 2);
    }

    [Fact]
    public void ThreadsGiveTheSameBits()
    {
        using var pool = new WorkerPool(3);
        float[] a = Numbers(200 * 300, 1), b = Numbers(300 * 400, 2);
        float[] alone = new float[200 * 400], together = new float[200 * 400];
        Gemm.Run(KernelContext.SingleThreaded(), 200, 400, 300, a, 300, b, 400, false, alone, 400);
        Gemm.Run(new KernelContext(SimdWidths.Best, pool), 200, 400, 300, a, 300, b, 400, false, together, 400);
        Assert.Equal(alone, together);
    }

    [Fact]
    public void ClampKeepsNaN()
    {
        float[] c = new float[2];
        Gemm.Run(KernelContext.SingleThreaded(), 1, 2, 1, [1f], 1, [float.NaN, 5f], 2, false, c, 2, new GemmEpilogue(min: 0, max: 1));
        Assert.Equal([float.NaN, 1f], c);
    }

    [Fact]
    public void ShortSpansAreRefused()
    {
        var context = KernelContext.SingleThreaded();
        Assert.Throws<ArgumentException>(() => Gemm.Run(context, 2, 2, 2, new float[3], 2, new float[4], 2, false, new float[4], 2));
        Assert.Throws<ArgumentException>(() => Gemm.Run(context, 2, 2, 2, new float[4], 2, new float[3], 2, false, new float[4], 2));
        Assert.Throws<ArgumentException>(() => Gemm.Run(context, 2, 2, 2, new float[4], 2, new float[4], 2, false, new float[3], 2));
        Assert.Throws<ArgumentException>(() => Gemm.Run(context, 2, 2, 2, new float[4], 1, new float[4], 2, false, new float[4], 2));
    }

    private enum Ending
    {
        Plain,
        Bias,
        Accumulate,
        Clamp,
    }

    private static void Check(KernelContext context, int m, int n, int k, Ending ending, bool transposed, bool packed)
    {
        float[] a = Numbers(m * k, 1), b = Numbers(n * k, 2), c = Numbers(m * n, 3), bias = Numbers(n, 4);
        var start = (float[])c.Clone();
        var epilogue = new GemmEpilogue(
            ending == Ending.Bias ? bias : default, ending == Ending.Accumulate,
            ending == Ending.Clamp ? -0.5f : float.NegativeInfinity, ending == Ending.Clamp ? 0.5f : float.PositiveInfinity);
        if (packed)
            Gemm.Run(context, m, a, k, PackedMatrix.Pack(context, b, k, n, transposed), c, n, epilogue);
        else
            Gemm.Run(context, m, n, k, a, k, b, transposed ? k : n, transposed, c, n, epilogue);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                double sum = ending == Ending.Bias ? bias[j] : ending == Ending.Accumulate ? start[(i * n) + j] : 0, magnitude = Math.Abs(sum);
                for (int p = 0; p < k; p++)
                {
                    double term = (double)a[(i * k) + p] * (transposed ? b[(j * k) + p] : b[(p * n) + j]);
                    sum += term;
                    magnitude += Math.Abs(term);
                }
                if (ending == Ending.Clamp)
                    sum = Math.Clamp(sum, -0.5, 0.5);
                double allowed = (k + 1) * Math.Pow(2, -24) * magnitude;
                Assert.True(Math.Abs(sum - c[(i * n) + j]) <= allowed, $"{context.Width} {m} x {n} x {k} {ending} transposed {transposed} packed {packed}: [{i}, {j}] is {c[(i * n) + j]}, {sum} expected");
            }
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
