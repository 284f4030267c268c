using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Special;

/// <summary>Special functions by series and rational approximations with errors near the precision of single floats.</summary>
internal static class SpecialDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::special_entr(Tensor self) -> Tensor", Entropy),
        One("aten::erfinv(Tensor self) -> Tensor", (b, a) => InverseErf(b, b.Floating(a[0].AsValue()))),
        One("aten::special_erfinv(Tensor self) -> Tensor", (b, a) => InverseErf(b, b.Floating(a[0].AsValue()))),
        One("aten::special_ndtr(Tensor self) -> Tensor", (b, a) => b.Mul(b.Call1("aten::erfc", b.Mul(b.Floating(a[0].AsValue()), -Math.Sqrt(0.5))), 0.5)),
        One("aten::special_ndtri(Tensor self) -> Tensor", InverseNormal),
        One("aten::special_erfcx(Tensor self) -> Tensor", ScaledErfc),
        One("aten::special_log_ndtr(Tensor self) -> Tensor", LogNormal),
        One("aten::i0(Tensor self) -> Tensor", (b, a) => Bessel(b, a, 0, scaled: false)),
        One("aten::special_i0(Tensor self) -> Tensor", (b, a) => Bessel(b, a, 0, scaled: false)),
        One("aten::special_i0e(Tensor self) -> Tensor", (b, a) => Bessel(b, a, 0, scaled: true)),
        One("aten::special_i1(Tensor self) -> Tensor", (b, a) => Bessel(b, a, 1, scaled: false)),
        One("aten::special_i1e(Tensor self) -> Tensor", (b, a) => Bessel(b, a, 1, scaled: true)),
        One("aten::special_zeta(Tensor self, Tensor other) -> Tensor", (b, a) => Zeta.Hurwitz(b, b.Floating(a[0].AsValue()), b.Floating(a[1].AsValue()))),
        One("aten::special_zeta.self_scalar(Scalar self, Tensor other) -> Tensor", (b, a) => Zeta.Hurwitz(b, b.Number(a[0].AsDouble()), b.Floating(a[1].AsValue()))),
        One("aten::special_zeta.other_scalar(Tensor self, Scalar other) -> Tensor", (b, a) => Zeta.Hurwitz(b, b.Floating(a[0].AsValue()), b.Number(a[1].AsDouble()))),
    ];

    /// <summary>The polynomial with the given coefficients, that of the highest power first.</summary>
    public static Value Polynomial(IGraphBuilder b, Value x, params ReadOnlySpan<double> coefficients)
    {
        var sum = b.Add(b.Mul(x, coefficients[0]), coefficients[1]);
        foreach (double c in coefficients[2..])
            sum = b.Add(b.Mul(sum, x), c);
        return sum;
    }

    private static Value Entropy(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = b.Floating(a[0].AsValue());
        var product = b.Neg(b.Mul(x, b.Log(x)));
        return b.Where(b.Eq(x, 0), 0.0, b.Where(b.Lt(x, 0), double.NegativeInfinity, product));
    }

    /// <summary>M. Giles, Approximating the erfinv function (2010), and a step of Newton's method.</summary>
    private static Value InverseErf(IGraphBuilder b, Value x)
    {
        var start = Giles(b, x, b.Neg(b.Call1("aten::log1p", b.Neg(b.Mul(x, x)))));
        var slope = b.Mul(b.Exp(b.Neg(b.Mul(start, start))), 2 / Math.Sqrt(Math.PI));
        var better = b.Sub(start, b.Div(b.Sub(b.Call1("aten::erf", start), x), slope));
        // In the tails the slope vanishes in single precision.
        var near = b.Lt(b.Abs(x), 0.99);
        return b.Where(b.Eq(b.Abs(x), 1), b.Mul(x, double.PositiveInfinity), b.Where(near, better, start));
    }

    /// <summary>The inverse of erf where w is -log(1 - x²).</summary>
    private static Value Giles(IGraphBuilder b, Value x, Value w)
    {
        var middle = Polynomial(b, b.Sub(w, 2.5), 2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164, 0.246640727, 1.50140941);
        var tail = Polynomial(b, b.Sub(b.Sqrt(w), 3.0), -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682);
        return b.Mul(b.Where(b.Lt(w, 5), middle, tail), x);
    }

    private static Value InverseNormal(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var p = b.Floating(a[0].AsValue());
        var x = b.Sub(b.Mul(p, 2.0), 1.0);
        var w = b.Neg(b.Log(b.Mul(b.Mul(p, b.Call1("aten::rsub.Scalar", p, 1.0)), 4.0)));
        var z = b.Mul(Giles(b, x, w), Math.Sqrt(2));
        z = b.Where(b.Eq(p, 0), double.NegativeInfinity, b.Where(b.Eq(p, 1), double.PositiveInfinity, z));
        return b.Where(b.Or(b.Lt(p, 0), b.Gt(p, 1)), double.NaN, z);
    }

    /// <summary>exp(x²) erfc(x) for x of 0 or more by a Chebyshev fit (Numerical Recipes, erfcc); below 0 by reflection.</summary>
    private static Value ScaledErfc(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = b.Floating(a[0].AsValue());
        var size = b.Abs(x);
        var t = b.Call1("aten::reciprocal", b.Add(b.Mul(size, 0.5), 1.0));
        var fit = Polynomial(b, t, 0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223);
        var positive = b.Mul(t, b.Exp(fit));
        return b.Where(b.Ge(x, 0), positive, b.Sub(b.Mul(b.Exp(b.Mul(x, x)), 2.0), positive));
    }

    private static Value LogNormal(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = b.Mul(b.Floating(a[0].AsValue()), Math.Sqrt(0.5));
        var tail = b.Sub(b.Log(b.Mul(ScaledErfc(b, [b.Neg(x)]), 0.5)), b.Mul(x, x));
        return b.Where(b.Lt(x, -1), tail, b.Call1("aten::log1p", b.Mul(b.Call1("aten::erfc", x), -0.5)));
    }

    /// <summary>Modified Bessel functions of the first kind (Abramowitz and Stegun 9.8.1 to 9.8.4).</summary>
    private static Value Bessel(IGraphBuilder b, IReadOnlyList<Argument> a, int order, bool scaled)
    {
        var x = b.Floating(a[0].AsValue());
        var size = b.Abs(x);
        var ratio = b.Mul(size, 1 / 3.75);
        var square = b.Mul(ratio, ratio);
        var low = order == 0
            ? Polynomial(b, square, 0.0045813, 0.0360768, 0.2659732, 1.2067492, 3.0899424, 3.5156229, 1.0)
            : b.Mul(size, Polynomial(b, square, 0.00032411, 0.00301532, 0.02658733, 0.15084934, 0.51498869, 0.87890594, 0.5));
        if (scaled)
            low = b.Mul(low, b.Exp(b.Neg(size)));
        var large = b.Maximum(size, 3.75);
        var inverse = b.Call1("aten::reciprocal", b.Mul(large, 1 / 3.75));
        var high = order == 0
            ? Polynomial(b, inverse, 0.00392377, -0.01647633, 0.02635537, -0.02057706, 0.00916281, -0.00157565, 0.00225319, 0.01328592, 0.39894228)
            : Polynomial(b, inverse, -0.00420059, 0.01787654, -0.02895312, 0.02282967, -0.01031555, 0.00163801, -0.00362018, -0.03988024, 0.39894228);
        high = b.Mul(high, b.Call1("aten::rsqrt", large));
        if (!scaled)
            high = b.Mul(high, b.Exp(large));
        var result = b.Where(b.Le(size, 3.75), low, high);
        return order == 0 ? result : b.Mul(result, b.Call1("aten::sign", x));
    }
}
