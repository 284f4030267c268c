namespace ExecuSharp.Kernels;

/// <summary>Elementary functions of float64 that .NET lacks.</summary>
public static class ScalarMath
{
    /// <summary>e^x - 1 without cancellation (Kahan); 3 ulp.</summary>
    public static double Expm1(double x)
    {
        double u = Math.Exp(x);
        if (u == 1 || double.IsNaN(x))
            return x;
        double difference = u - 1;
        return difference == -1 || double.IsInfinity(u) ? difference : difference * x / Math.Log(u);
    }

    /// <summary>log(1 + x) without cancellation (Kahan); 3 ulp.</summary>
    public static double Log1p(double x)
    {
        double u = 1 + x;
        if (u == 1)
            return x;
        return u <= 0 || double.IsInfinity(u) || double.IsNaN(u) ? Math.Log(u) : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>Error function; 4 ulp. Series below 1.5, continued fraction of the complement above.</summary>
    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (double.IsNaN(x) || a == 0)
            return x;
        if (a > 6)
            return Math.CopySign(1, x);
        return Math.CopySign(a < 1.5 ? Series(a) : 1 - Complement(a), x);
    }

    // erf(x) = 2 x exp(-x^2) / sqrt(pi) * (1 + 2x^2/3 (1 + 2x^2/5 (1 + ...)))
    private static double Series(double x)
    {
        double sum = 1, term = 1, square = x * x;
        for (int n = 1; term > sum * 1e-17; n++)
        {
            term *= 2 * square / ((2 * n) + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * x * Math.Exp(-square) * sum;
    }

    private static double Complement(double x)
    {
        double fraction = 0;
        for (int k = 120; k >= 1; k--)
            fraction = k / 2.0 / (x + fraction);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }
}
