using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Tests.Unit.Kernels;

public class VectorMathTests
{
    [Fact]
    public void ExpIsAccurate() => Check(new ExpF(), Math.Exp, 1.1);

    [Fact]
    public void Expm1IsAccurate() => Check(new Expm1F(), Expm1, 2);

    [Fact]
    public void LogIsAccurate() => Check(new LogF(), Math.Log, 1.1);

    [Fact]
    public void Log1pIsAccurate() => Check(new Log1pF(), Log1p, 2);

    [Fact]
    public void TanhIsAccurate() => Check(new TanhF(), Math.Tanh, 2);

    [Fact]
    public void SigmoidIsAccurate() => Check(new SigmoidF(), x => 1 / (1 + Math.Exp(-x)), 2.5);

    [Fact]
    public void ErfIsAccurate() => Check(new ErfF(), Erf, 2);

    private static void Check<F>(F f, Func<double, double> exact, double ulps) where F : struct, IUnaryFunction
    {
        float[] x = Samples();
        var reference = new float[x.Length];
        ElementwiseLoops.Unary(SimdWidth.Scalar, f, x, reference);
        double worst = 0;
        float at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = Error(reference[i], exact(x[i]));
            if (error > worst)
                (worst, at) = (error, x[i]);
        }
        Assert.True(worst <= ulps, $"{worst} ulp at {at:R}");
        foreach (var width in SimdWidths.Available)
        {
            var y = new float[x.Length];
            ElementwiseLoops.Unary(width, f, x, y);
            for (int i = 0; i < x.Length; i++)
                Assert.True(BitConverter.SingleToInt32Bits(y[i]) == BitConverter.SingleToInt32Bits(reference[i]) || (float.IsNaN(y[i]) && float.IsNaN(reference[i])),
                    $"{width}: f({x[i]:R}) is {y[i]:R}, not {reference[i]:R}");
        }
    }

    private static float[] Samples()
    {
        var x = new List<float> { 0f, -0f, 1f, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, float.MaxValue, float.MinValue };
        for (long bits = 0; bits <= uint.MaxValue; bits += 65521)
            x.Add(BitConverter.UInt32BitsToSingle((uint)bits));
        for (int i = -40000; i <= 40000; i++)
            x.Add(i * 0.00263f);
        return [.. x];
    }

    private static double Error(float found, double exact)
    {
        float rounded = (float)exact;
        if (float.IsNaN(rounded) || float.IsNaN(found))
            return float.IsNaN(rounded) == float.IsNaN(found) ? 0 : double.PositiveInfinity;
        if (float.IsInfinity(rounded) || float.IsInfinity(found))
            return found == rounded || (Math.Abs(exact) > 3.4028e38 && Math.Abs(found) > 3.4028e38f) ? 0 : double.PositiveInfinity;
        if (rounded == 0 && found == 0)
            return exact == 0 && float.IsNegative(rounded) != float.IsNegative(found) ? double.PositiveInfinity : 0;
        if (Math.Abs(found - exact) <= 1e-37)
            return 0;
        float size = Math.Abs(rounded);
        return Math.Abs(found - exact) / ((double)MathF.BitIncrement(size) - size);
    }

    private static double Expm1(double x) => x == 0 ? x : Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1;

    private static double Log1p(double x)
    {
        double u = 1 + x;
        return x == 0 || u == 1 ? x : double.IsInfinity(u) ? Math.Log(u) : Math.Log(u) * x / (u - 1);
    }

    private static double Erf(double x)
    {
        if (double.IsNaN(x))
            return x;
        double a = Math.Abs(x);
        if (a > 6)
            return Math.Sign(x);
        double sum = a, term = a;
        for (int n = 1; n < 200; n++)
        {
            term *= -a * a / n;
            sum += term / ((2 * n) + 1);
        }
        double small = 2 / Math.Sqrt(Math.PI) * sum;
        return Math.CopySign(a < 3 ? small : 1 - ErfcFraction(a), x);
    }

    private static double ErfcFraction(double x)
    {
        double f = 0;
        for (int k = 60; k >= 1; k--)
            f = k / 2.0 / (x + f);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + f);
    }

    private readonly struct ExpF : IUnaryFunction
    {
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Exp<S, V>(x);
    }

    private readonly struct Expm1F : IUnaryFunction
    {
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Expm1<S, V>(x);
    }

    private readonly struct LogF : IUnaryFunction
    {
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Log<S, V>(x);
    }

    private readonly struct Log1pF : IUnaryFunction
    {
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Log1p<S, V>(x);
    }

    private readonly struct TanhF : IUnaryFunction
    {
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Tanh<S, V>(x);
    }

    private readonly struct SigmoidF : IUnaryFunction
    {
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Sigmoid<S, V>(x);
    }

    private readonly struct ErfF : IUnaryFunction
    {
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Erf<S, V>(x);
    }
}
