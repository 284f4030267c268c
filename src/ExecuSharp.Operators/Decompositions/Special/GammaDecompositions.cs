using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Special;

/// <summary>The logarithm of the gamma function and its derivatives, by the asymptotic series after a shift.</summary>
internal static class GammaDecompositions
{
    private const int Shift = 8;

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::lgamma(Tensor self) -> Tensor", (b, a) => LogGamma(b, b.Floating(a[0].AsValue()))),
        One("aten::special_gammaln(Tensor self) -> Tensor", (b, a) => LogGamma(b, b.Floating(a[0].AsValue()))),
        One("aten::digamma(Tensor self) -> Tensor", (b, a) => Digamma(b, b.Floating(a[0].AsValue()))),
        One("aten::special_digamma(Tensor self) -> Tensor", (b, a) => Digamma(b, b.Floating(a[0].AsValue()))),
        One("aten::special_psi(Tensor self) -> Tensor", (b, a) => Digamma(b, b.Floating(a[0].AsValue()))),
        One("aten::polygamma(int n, Tensor self) -> Tensor", Polygamma),
        One("aten::special_polygamma(int n, Tensor self) -> Tensor", Polygamma),
        One("aten::mvlgamma(Tensor self, int p) -> Tensor", Multivariate),
        One("aten::special_multigammaln(Tensor self, int p) -> Tensor", Multivariate),
    ];

    private static Value LogGamma(IGraphBuilder b, Value x)
    {
        var reflected = b.Lt(x, 0.5);
        var y = b.Where(reflected, b.Call1("aten::rsub.Scalar", x, 1.0), x);
        var product = y;
        for (int i = 1; i < Shift; i++)
            product = b.Mul(product, b.Add(y, (double)i));
        var z = b.Add(y, (double)Shift);
        var inverse = b.Call1("aten::reciprocal", z);
        var square = b.Mul(inverse, inverse);
        // Stirling: 1/(12 z) - 1/(360 z^3) + 1/(1260 z^5)
        var series = b.Mul(inverse, SpecialDecompositions.Polynomial(b, square, 1.0 / 1260, -1.0 / 360, 1.0 / 12));
        var log = b.Sub(b.Mul(b.Sub(z, 0.5), b.Log(z)), z);
        var large = b.Sub(b.Add(b.Add(log, series), 0.5 * Math.Log(2 * Math.PI)), b.Log(product));
        var direct = b.Where(b.Gt(y, 1e6), b.Add(b.Sub(b.Mul(b.Sub(y, 0.5), b.Log(y)), y), 0.5 * Math.Log(2 * Math.PI)), large);
        var sine = b.Abs(b.Call1("aten::sin", b.Mul(b.Sub(x, b.Call1("aten::floor", x)), Math.PI)));
        var mirror = b.Sub(b.Neg(b.Log(b.Mul(sine, 1 / Math.PI))), direct);
        var result = b.Where(reflected, mirror, direct);
        var pole = b.And(b.Le(x, 0), b.Eq(x, b.Call1("aten::floor", x)));
        return b.Where(b.Or(pole, b.Call1("aten::isinf", x)), double.PositiveInfinity, result);
    }

    private static Value Digamma(IGraphBuilder b, Value x)
    {
        var reflected = b.Lt(x, 0);
        var y = b.Where(reflected, b.Call1("aten::rsub.Scalar", x, 1.0), x);
        var sum = b.Call1("aten::reciprocal", y);
        for (int i = 1; i < Shift; i++)
            sum = b.Add(sum, b.Call1("aten::reciprocal", b.Add(y, (double)i)));
        var z = b.Add(y, (double)Shift);
        var inverse = b.Call1("aten::reciprocal", z);
        var square = b.Mul(inverse, inverse);
        // 1/(12 z^2) - 1/(120 z^4) + 1/(252 z^6)
        var series = b.Mul(square, SpecialDecompositions.Polynomial(b, square, 1.0 / 252, -1.0 / 120, 1.0 / 12));
        var direct = b.Sub(b.Sub(b.Sub(b.Log(z), b.Mul(inverse, 0.5)), series), sum);
        var angle = b.Mul(b.Sub(x, b.Call1("aten::trunc", x)), Math.PI);
        var mirror = b.Sub(direct, b.Div(Math.PI, b.Call1("aten::tan", angle)));
        var result = b.Where(reflected, mirror, direct);
        result = b.Where(b.And(reflected, b.Eq(x, b.Call1("aten::floor", x))), double.NaN, result);
        return b.Where(b.Eq(x, 0), b.Neg(b.Call1("aten::reciprocal", x)), result);
    }

    /// <summary>(-1)^(n+1) n! zeta(n + 1, x).</summary>
    private static Value Polygamma(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = b.Floating(a[1].AsValue());
        int n = (int)a[0].AsInt();
        if (n == 0)
            return Digamma(b, x);
        double factor = n % 2 == 0 ? -1 : 1;
        for (int i = 2; i <= n; i++)
            factor *= i;
        return b.Mul(Zeta.Hurwitz(b, b.Number(n + 1.0, x.Spec.Type), x), factor);
    }

    private static Value Multivariate(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = b.Floating(a[0].AsValue());
        long p = a[1].AsInt();
        Value? sum = null;
        for (long j = 0; j < p; j++)
        {
            var term = LogGamma(b, b.Sub(x, j / 2.0));
            sum = sum is null ? term : b.Add(sum, term);
        }
        return b.Add(sum!, p * (p - 1) / 4.0 * Math.Log(Math.PI));
    }
}
