using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Special;

/// <summary>Hurwitz zeta function by the Euler-Maclaurin formula.</summary>
internal static class Zeta
{
    private const int Terms = 10;

    /// <summary>(2k)! / B2k.</summary>
    private static readonly double[] Coefficients =
    [
        12.0, -720.0, 30240.0, -1209600.0, 47900160.0, -1.8924375803183791606e9, 7.47242496e10, -2.950130727918164224e12,
    ];

    /// <summary>Sum over k of 1 / (q + k)^x.</summary>
    public static Value Hurwitz(IGraphBuilder b, Value x, Value q)
    {
        var negative = b.Neg(x);
        Value Term(double k) => b.Pow(k == 0 ? q : b.Add(q, k), negative);
        var sum = Term(0);
        for (int k = 1; k < Terms; k++)
            sum = b.Add(sum, Term(k));
        var end = b.Add(q, (double)Terms);
        var power = Term(Terms);
        sum = b.Add(sum, b.Div(b.Mul(power, end), b.Sub(x, 1.0)));
        sum = b.Add(sum, b.Mul(power, 0.5));
        var inverse = b.Call1("aten::reciprocal", end);
        var inverseSquare = b.Mul(inverse, inverse);
        var factor = b.Mul(b.Mul(x, power), inverse);
        for (int i = 0; i < Coefficients.Length; i++)
        {
            sum = b.Add(sum, b.Mul(factor, 1 / Coefficients[i]));
            factor = b.Mul(b.Mul(factor, b.Mul(b.Add(x, (2.0 * i) + 1), b.Add(x, (2.0 * i) + 2))), inverseSquare);
        }
        var pole = b.And(b.Le(q, 0), b.Eq(q, b.Call1("aten::floor", q)));
        var undefined = b.Or(b.Lt(x, 1), b.And(b.Lt(q, 0), b.Ne(x, b.Call1("aten::floor", x))));
        sum = b.Where(pole, double.PositiveInfinity, sum);
        sum = b.Where(undefined, double.NaN, sum);
        return b.Where(b.Eq(x, 1), double.PositiveInfinity, sum);
    }
}
