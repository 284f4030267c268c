using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>The functions of element-wise nodes on 32-bit integers; overflow wraps.</summary>
internal static class Int32Functions
{
    public static Func<int, int>? Unary(XnnNodeType type, float parameter, XnnRange? range) => type switch
    {
        XnnNodeType.Abs => x => unchecked(x < 0 ? -x : x),
        XnnNodeType.Negate => x => unchecked(-x),
        XnnNodeType.Square => x => unchecked(x * x),
        XnnNodeType.LeakyReLU => x => x < 0 ? (int)(x * parameter) : x,
        XnnNodeType.Clamp => x => Bound(x, range?.Min ?? float.NegativeInfinity, range?.Max ?? float.PositiveInfinity),
        _ => null,
    };

    public static Func<int, int, int>? Binary(XnnNodeType type, float min, float max) => type switch
    {
        XnnNodeType.Add => (a, b) => Bound(unchecked(a + b), min, max),
        XnnNodeType.Subtract => (a, b) => Bound(unchecked(a - b), min, max),
        XnnNodeType.Multiply => (a, b) => Bound(unchecked(a * b), min, max),
        XnnNodeType.Div => (a, b) => Bound(Divide(a, b), min, max),
        XnnNodeType.Minimum => Math.Min,
        XnnNodeType.Maximum => Math.Max,
        XnnNodeType.PReLU => (a, b) => a < 0 ? unchecked(a * b) : a,
        _ => null,
    };

    private static int Bound(int x, float min, float max)
    {
        int low = min > int.MinValue ? (int)min : int.MinValue, high = max < int.MaxValue ? (int)max : int.MaxValue;
        return Math.Min(high, Math.Max(low, x));
    }

    // Rounds so that the remainder is not negative; division by 0 gives 0.
    private static int Divide(int a, int b)
    {
        if (b == 0)
            return 0;
        long q = (long)a / b, r = (long)a - (q * b);
        return unchecked((int)(r >= 0 ? q : b > 0 ? q - 1 : q + 1));
    }
}
