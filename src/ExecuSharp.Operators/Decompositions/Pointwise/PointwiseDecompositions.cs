using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Pointwise;

/// <summary>Element-wise arithmetic that the runtime has in other forms.</summary>
internal static class PointwiseDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor", (b, a) => b.Add(a[0], Times(b, b.Mul(a[1], a[2]), a[3]))),
        One("aten::addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor", (b, a) => b.Add(a[0], Times(b, b.Div(a[1], a[2]), a[3]))),
        One("aten::lerp.Tensor(Tensor self, Tensor end, Tensor weight) -> Tensor", Lerp),
        One("aten::lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor", (b, a) => b.Add(a[0], b.Mul(b.Sub(a[1], a[0]), a[2]))),
        One("aten::rsub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", (b, a) => b.Call1("aten::sub.Tensor", a[1], a[0], a[2])),
        One("aten::square(Tensor self) -> Tensor", (b, a) => b.Pow(a[0], 2)),
        One("aten::hypot(Tensor self, Tensor other) -> Tensor", Hypot),
        One("aten::frac(Tensor self) -> Tensor", (b, a) => b.Sub(a[0], b.Call1("aten::trunc", a[0]))),
        One("aten::fix(Tensor self) -> Tensor", (b, a) => b.Call1("aten::trunc", a[0])),
        One("aten::exp2(Tensor self) -> Tensor", (b, a) => b.Pow(2.0, b.Floating(a[0].AsValue()))),
        One("aten::erfc(Tensor self) -> Tensor", (b, a) => b.Call1("aten::rsub.Scalar", b.Call1("aten::erf", a[0]), 1)),
        One("aten::float_power.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor", (b, a) => b.Pow(b.Cast(a[0].AsValue(), ScalarType.Double), a[1])),
        One("aten::float_power.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor", (b, a) => b.Pow(b.Cast(a[0].AsValue(), ScalarType.Double), b.Cast(a[1].AsValue(), ScalarType.Double))),
        One("aten::true_divide.Tensor(Tensor self, Tensor other) -> Tensor", (b, a) => b.Div(a[0], a[1])),
        One("aten::true_divide.Scalar(Tensor self, Scalar other) -> Tensor", (b, a) => b.Div(a[0], a[1])),
        One("aten::divide.Tensor(Tensor self, Tensor other) -> Tensor", (b, a) => b.Div(a[0], a[1])),
        One("aten::multiply.Tensor(Tensor self, Tensor other) -> Tensor", (b, a) => b.Mul(a[0], a[1])),
        One("aten::subtract.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", (b, a) => b.Call1("aten::sub.Tensor", a[0], a[1], a[2])),
        One("aten::negative(Tensor self) -> Tensor", (b, a) => b.Neg(a[0])),
        One("aten::absolute(Tensor self) -> Tensor", (b, a) => b.Abs(a[0])),
        One("aten::floor_divide.Scalar(Tensor self, Scalar other) -> Tensor", (b, a) => b.FloorDiv(a[0], a[1])),
        One("aten::clamp_min(Tensor self, Scalar min) -> Tensor", (b, a) => b.Clamp(a[0], a[1], Argument.None)),
        One("aten::clamp_max(Tensor self, Scalar max) -> Tensor", (b, a) => b.Clamp(a[0], Argument.None, a[1])),
        One("aten::clamp_min.Tensor(Tensor self, Tensor min) -> Tensor", (b, a) => b.Maximum(a[0], a[1])),
        One("aten::clamp_max.Tensor(Tensor self, Tensor max) -> Tensor", (b, a) => b.Minimum(a[0], a[1])),
        One("aten::clip(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor", (b, a) => b.Clamp(a[0], a[1], a[2])),
        One("aten::clip.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor", (b, a) => b.Call1("aten::clamp.Tensor", a[0], a[1], a[2])),
        One("aten::fmax(Tensor self, Tensor other) -> Tensor", (b, a) => SkipNan(b, a, b.Maximum(a[0], a[1]))),
        One("aten::fmin(Tensor self, Tensor other) -> Tensor", (b, a) => SkipNan(b, a, b.Minimum(a[0], a[1]))),
        One("aten::nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor", NanToNum),
        One("aten::copysign.Tensor(Tensor self, Tensor other) -> Tensor", CopySign),
        One("aten::copysign.Scalar(Tensor self, Scalar other) -> Tensor", (b, a) => a[1].AsDouble() < 0 || double.IsNegative(a[1].AsDouble()) ? b.Neg(b.Abs(b.Floating(a[0].AsValue()))) : b.Abs(b.Floating(a[0].AsValue()))),
        One("aten::xlogy.Tensor(Tensor self, Tensor other) -> Tensor", (b, a) => XTimes(b, a, b.Log(a[1]))),
        One("aten::xlogy.Scalar_Other(Tensor self, Scalar other) -> Tensor", (b, a) => XTimes(b, [a[0], b.Number(a[1])], b.Number(Math.Log(a[1].AsDouble())))),
        One("aten::special_xlog1py(Tensor self, Tensor other) -> Tensor", (b, a) => XTimes(b, a, b.Call1("aten::log1p", a[1]))),
        One("aten::sinc(Tensor self) -> Tensor", Sinc),
        One("aten::heaviside(Tensor self, Tensor values) -> Tensor", (b, a) => b.Where(b.Eq(a[0], 0), a[1], b.Cast(b.Gt(a[0], 0), a[0].AsSpec().Type))),
        One("aten::deg2rad(Tensor self) -> Tensor", (b, a) => b.Mul(b.Floating(a[0].AsValue()), Math.PI / 180)),
        One("aten::rad2deg(Tensor self) -> Tensor", (b, a) => b.Mul(b.Floating(a[0].AsValue()), 180 / Math.PI)),
        One("aten::sgn(Tensor self) -> Tensor", (b, a) => b.Call1("aten::sign", a[0])),
        One("aten::round.decimals(Tensor self, *, int decimals) -> Tensor", Round),
        One("aten::arctan2(Tensor self, Tensor other) -> Tensor", (b, a) => b.Call1("aten::atan2", a[0], a[1])),
        One("aten::ldexp.Tensor(Tensor self, Tensor other) -> Tensor", (b, a) => b.Mul(a[0], b.Pow(2.0, b.Floating(a[1].AsValue())))),
        One("aten::float_power.Scalar(Scalar self, Tensor exponent) -> Tensor", (b, a) => b.Pow(a[0], b.Cast(a[1].AsValue(), ScalarType.Double))),
        One("aten::item(Tensor self) -> Scalar", (b, a) => b.Call1("aten::_local_scalar_dense", a[0])),
        One("aten::special_sinc(Tensor self) -> Tensor", Sinc),
        One("aten::special_xlogy(Tensor self, Tensor other) -> Tensor", (b, a) => XTimes(b, a, b.Log(a[1]))),
        One("aten::special_round(Tensor self, *, int decimals=0) -> Tensor", Round),
        One("aten::arcsin(Tensor self) -> Tensor", (b, a) => b.Call1("aten::asin", a[0])),
        One("aten::arccos(Tensor self) -> Tensor", (b, a) => b.Call1("aten::acos", a[0])),
        One("aten::arctan(Tensor self) -> Tensor", (b, a) => b.Call1("aten::atan", a[0])),
        One("aten::arcsinh(Tensor self) -> Tensor", (b, a) => b.Call1("aten::asinh", a[0])),
        One("aten::arccosh(Tensor self) -> Tensor", (b, a) => b.Call1("aten::acosh", a[0])),
        One("aten::arctanh(Tensor self) -> Tensor", (b, a) => b.Call1("aten::atanh", a[0])),
        One("aten::special_expit(Tensor self) -> Tensor", (b, a) => b.Sigmoid(a[0])),
        One("aten::special_expm1(Tensor self) -> Tensor", (b, a) => b.Call1("aten::expm1", a[0])),
        One("aten::special_exp2(Tensor self) -> Tensor", (b, a) => b.Call1("aten::exp2", a[0])),
        One("aten::special_erf(Tensor self) -> Tensor", (b, a) => b.Call1("aten::erf", a[0])),
        One("aten::special_erfc(Tensor self) -> Tensor", (b, a) => b.Call1("aten::erfc", a[0])),
        One("aten::special_log1p(Tensor self) -> Tensor", (b, a) => b.Call1("aten::log1p", a[0])),
        One("aten::special_logit(Tensor self, float? eps=None) -> Tensor", (b, a) => b.Call1("aten::logit", a[0], a[1])),
    ];

    private static Value Times(IGraphBuilder b, Value x, Argument factor) => factor.AsDouble() == 1 ? x : b.Mul(x, factor);

    /// <summary>PyTorch's form that is exact at both ends: from the end if the weight is 0.5 or more.</summary>
    private static Value Lerp(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var difference = b.Sub(a[1], a[0]);
        return b.Where(b.Lt(b.Abs(a[2]), 0.5), b.Add(a[0], b.Mul(a[2], difference)), b.Sub(a[1], b.Mul(difference, b.Call1("aten::rsub.Scalar", a[2], 1))));
    }

    private static Value Hypot(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, y) = (b.Abs(a[0]), b.Abs(a[1]));
        var (large, small) = (b.Maximum(x, y), b.Minimum(x, y));
        var ratio = b.Div(small, b.Where(b.Eq(large, 0), 1.0, large));
        return b.Where(b.Call1("aten::isinf", large), large, b.Mul(large, b.Sqrt(b.Add(b.Mul(ratio, ratio), 1))));
    }

    private static Value SkipNan(IGraphBuilder b, IReadOnlyList<Argument> a, Value both)
    {
        if (!both.Spec.Type.IsFloating())
            return both;
        return b.Where(b.Call1("aten::isnan", a[0]), b.Cast(a[1].AsValue(), both.Spec.Type), b.Where(b.Call1("aten::isnan", a[1]), b.Cast(a[0].AsValue(), both.Spec.Type), both));
    }

    private static Value NanToNum(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        var type = x.Spec.Type;
        if (!type.IsFloating())
            return x;
        double largest = type switch
        {
            ScalarType.Half => 65504,
            ScalarType.BFloat16 => 3.3895313892515355e38,
            ScalarType.Double => double.MaxValue,
            _ => float.MaxValue,
        };
        Value Number(Argument given, double standard) => b.Constant(Constants.Filled(type, [], given.IsNone ? standard : given.AsDouble()));
        x = b.Where(b.Call1("aten::isnan", x), Number(a[1], 0), x);
        x = b.Where(b.Eq(x, double.PositiveInfinity), Number(a[2], largest), x);
        return b.Where(b.Eq(x, double.NegativeInfinity), Number(a[3], -largest), x);
    }

    /// <summary>The sign of zero is that of its inverse.</summary>
    private static Value CopySign(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var size = b.Abs(b.Floating(a[0].AsValue()));
        var other = a[1].AsValue();
        var negative = b.Lt(other, 0);
        if (other.Spec.Type.IsFloating())
            negative = b.Or(negative, b.And(b.Eq(other, 0), b.Lt(b.Call1("aten::reciprocal", other), 0)));
        return b.Where(negative, b.Neg(size), size);
    }

    /// <summary>x * factor, 0 where x is 0, and NaN where y is.</summary>
    private static Value XTimes(IGraphBuilder b, IReadOnlyList<Argument> a, Value factor)
    {
        var product = b.Mul(a[0], factor);
        var zero = b.Where(b.Eq(a[0], 0), b.Number(0.0, product.Spec.Type), product);
        return a[1].AsSpec().Type.IsFloating() ? b.Where(b.Call1("aten::isnan", a[1]), b.Number(double.NaN, product.Spec.Type), zero) : zero;
    }

    private static Value Sinc(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = b.Mul(b.Floating(a[0].AsValue()), Math.PI);
        return b.Where(b.Eq(x, 0), b.Number(1.0, x.Spec.Type), b.Div(b.Call1("aten::sin", x), x));
    }

    private static Value Round(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        long decimals = a[1].AsInt();
        if (!x.Spec.Type.IsFloating() || decimals == 0)
            return x.Spec.Type.IsFloating() ? b.Call1("aten::round", x) : x;
        double scale = Math.Pow(10, Math.Abs(decimals));
        return decimals > 0 ? b.Div(b.Call1("aten::round", b.Mul(x, scale)), scale) : b.Mul(b.Call1("aten::round", b.Div(x, scale)), scale);
    }
}
