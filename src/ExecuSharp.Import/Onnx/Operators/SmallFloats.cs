using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Rounding of floats to the values of a type with 4 or 8 bits, half to even, by arithmetic.</summary>
internal static class SmallFloats
{
    public static Value Round(Aten a, Value x, OnnxDataType to, bool saturate, string roundMode)
    {
        var format = SmallFloat.Of(to);
        if (format.MantissaBits == 0)
            return RoundToPower(a, x, saturate, roundMode);
        var size = a.Abs(x);
        // A log2 that is off by one next to a power of two changes nothing: the power itself is on both grids.
        var exponent = a.Clamp(a.Floor(a.Call("aten::log2", a.Max(size, a.Number(1e-30, size)))), format.MinExponent, 100);
        var step = a.Mul(PowerOfTwo(a, exponent), Math.ScaleB(1, -format.MantissaBits));
        var rounded = a.Mul(a.Round(a.Div(x, step)), step);
        bool clamps = saturate || to == OnnxDataType.Float4E2M1;
        if (to == OnnxDataType.Float4E2M1)
            rounded = a.Where(a.Call("aten::isnan", x), 0, rounded);
        if (clamps)
        {
            rounded = a.Clamp(a.Where(a.Call("aten::isinf", x), x, rounded), -format.Max, format.Max);
            // A backend's minimum may drop NaN.
            if (format.HasNaN)
                rounded = a.Where(a.Call("aten::isnan", x), double.NaN, rounded);
        }
        else
        {
            var beyond = a.Or(a.Gt(a.Abs(rounded), format.Max), a.Call("aten::isinf", x));
            var special = format.HasInfinity
                ? a.Where(a.Gt(x, 0), a.Number(double.PositiveInfinity, x), a.Number(double.NegativeInfinity, x))
                : a.Number(double.NaN, x);
            rounded = a.Where(beyond, special, rounded);
        }
        return rounded;
    }

    /// <summary>2 to an integer power, exactly.</summary>
    public static Value PowerOfTwo(Aten a, Value exponent)
    {
        // exp is off by some units of the last place at most; splitting off the upper bits (Veltkamp) leaves the power itself.
        var near = a.Exp(a.Mul(exponent, Math.Log(2)));
        var shifted = a.Mul(near, exponent.Spec.Type == ScalarType.Double ? (1L << 45) + 1 : (1 << 15) + 1);
        return a.Sub(shifted, a.Sub(shifted, near));
    }

    private static Value RoundToPower(Aten a, Value x, bool saturate, string roundMode)
    {
        double max = Math.ScaleB(1, 127), min = Math.ScaleB(1, -127);
        var wide = a.Cast(x, ScalarType.Double);
        var size = a.Abs(wide);
        var floor = PowerOfTwo(a, a.Clamp(a.Floor(a.Call("aten::log2", a.Max(size, a.Number(1e-300, size)))), -200, 200));
        floor = a.Where(a.Gt(floor, size), a.Mul(floor, 0.5), floor);
        floor = a.Where(a.Ge(size, a.Mul(floor, 2)), a.Mul(floor, 2), floor);
        var result = roundMode switch
        {
            "down" => floor,
            "up" => a.Where(a.Gt(size, floor), a.Mul(floor, 2), floor),
            _ => a.Where(a.Ge(size, a.Mul(floor, 1.5)), a.Mul(floor, 2), floor),
        };
        result = a.Max(result, a.Number(min, result));
        result = a.Where(a.Gt(result, max), saturate ? max : double.NaN, result);
        return a.Cast(a.Where(a.Call("aten::isnan", wide), double.NaN, result), ScalarType.Float);
    }
}
