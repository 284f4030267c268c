using ExecuSharp.Core;
using ExecuSharp.Operators.Layout;

namespace ExecuSharp.Operators.Common;

/// <summary>Number arguments as elements.</summary>
internal static class Scalars
{
    /// <summary>A zero-dimensional tensor of a type; a number that does not fit is refused.</summary>
    public static Tensor Element(Scalar value, ScalarType type)
    {
        Promotion.RequireRealOrBool(type);
        KernelChecks.Require(Promotion.Fits(value, type), $"{value} does not fit {type.Name()}");
        var number = Tensor.Empty(value.IsDouble ? ScalarType.Double : ScalarType.Long, []);
        if (value.IsDouble)
            number.Span<double>()[0] = value.ToDouble();
        else
            number.Span<long>()[0] = value.ToLong();
        return LayoutCopy.Converted(number, type);
    }
}
