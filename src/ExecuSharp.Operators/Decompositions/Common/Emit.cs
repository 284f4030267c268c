using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Common;

/// <summary>Short spellings of operator calls for decompositions. An operand may be a number where the operator has a form for numbers.</summary>
internal static class Emit
{
    public static Value Call1(this IGraphBuilder b, string op, params Argument[] args) => b.CallMany(op, args)[0];

    public static Value Add(this IGraphBuilder b, Argument x, Argument y) => IsTensor(x) ? Arithmetic(b, "aten::add", x, y) : Arithmetic(b, "aten::add", y, x);

    public static Value Sub(this IGraphBuilder b, Argument x, Argument y) =>
        IsTensor(x) ? Arithmetic(b, "aten::sub", x, y) : b.Call1("aten::sub.Tensor", b.Number(x, y.AsSpec().Type), y);

    public static Value Mul(this IGraphBuilder b, Argument x, Argument y) => IsTensor(x) ? Arithmetic(b, "aten::mul", x, y) : Arithmetic(b, "aten::mul", y, x);

    public static Value Div(this IGraphBuilder b, Argument x, Argument y) =>
        IsTensor(x) ? Arithmetic(b, "aten::div", x, y) : b.Call1("aten::div.Tensor", b.Number(x, y.AsSpec().Type), y);

    public static Value FloorDiv(this IGraphBuilder b, Argument x, Argument y) =>
        IsTensor(y) ? b.Call1("aten::div.Tensor_mode", x, y, "floor") : b.Call1("aten::div.Scalar_mode", x, y, "floor");

    public static Value Remainder(this IGraphBuilder b, Argument x, Argument y) => Arithmetic(b, "aten::remainder", x, y);

    public static Value Pow(this IGraphBuilder b, Argument x, Argument y) =>
        !IsTensor(y) ? b.Call1("aten::pow.Tensor_Scalar", x, y) : b.Call1(IsTensor(x) ? "aten::pow.Tensor_Tensor" : "aten::pow.Scalar", x, y);

    public static Value Eq(this IGraphBuilder b, Argument x, Argument y) => Arithmetic(b, "aten::eq", x, y);

    public static Value Ne(this IGraphBuilder b, Argument x, Argument y) => Arithmetic(b, "aten::ne", x, y);

    public static Value Lt(this IGraphBuilder b, Argument x, Argument y) => Arithmetic(b, "aten::lt", x, y);

    public static Value Le(this IGraphBuilder b, Argument x, Argument y) => Arithmetic(b, "aten::le", x, y);

    public static Value Gt(this IGraphBuilder b, Argument x, Argument y) => Arithmetic(b, "aten::gt", x, y);

    public static Value Ge(this IGraphBuilder b, Argument x, Argument y) => Arithmetic(b, "aten::ge", x, y);

    public static Value And(this IGraphBuilder b, Value x, Value y) => b.Call1("aten::logical_and", x, y);

    public static Value Or(this IGraphBuilder b, Value x, Value y) => b.Call1("aten::logical_or", x, y);

    public static Value Not(this IGraphBuilder b, Value x) => b.Call1("aten::logical_not", x);

    public static Value Neg(this IGraphBuilder b, Argument x) => b.Call1("aten::neg", x);

    public static Value Abs(this IGraphBuilder b, Argument x) => b.Call1("aten::abs", x);

    public static Value Exp(this IGraphBuilder b, Argument x) => b.Call1("aten::exp", x);

    public static Value Log(this IGraphBuilder b, Argument x) => b.Call1("aten::log", x);

    public static Value Sqrt(this IGraphBuilder b, Argument x) => b.Call1("aten::sqrt", x);

    public static Value Sigmoid(this IGraphBuilder b, Argument x) => b.Call1("aten::sigmoid", x);

    public static Value Tanh(this IGraphBuilder b, Argument x) => b.Call1("aten::tanh", x);

    public static Value Relu(this IGraphBuilder b, Argument x) => b.Call1("aten::relu", x);

    public static Value Maximum(this IGraphBuilder b, Argument x, Argument y) => b.Call1("aten::maximum", x, b.AsTensor(y, x));

    public static Value Minimum(this IGraphBuilder b, Argument x, Argument y) => b.Call1("aten::minimum", x, b.AsTensor(y, x));

    public static Value Clamp(this IGraphBuilder b, Argument x, Argument min, Argument max) => b.Call1("aten::clamp", x, min, max);

    /// <summary>Chooses by a Bool tensor; numbers become zero-dimensional constants.</summary>
    public static Value Where(this IGraphBuilder b, Value condition, Argument x, Argument y) =>
        b.Call1("aten::where.self", condition, b.AsTensor(x, y), b.AsTensor(y, x));

    public static Value Sum(this IGraphBuilder b, Argument x, long[] dims, bool keepDim = false) =>
        b.Call1("aten::sum.dim_IntList", x, dims, keepDim, Argument.None);

    public static Value Mean(this IGraphBuilder b, Argument x, long[] dims, bool keepDim = false) =>
        b.Call1("aten::mean.dim", x, dims, keepDim, Argument.None);

    public static Value Amax(this IGraphBuilder b, Argument x, long[] dims, bool keepDim = false) => b.Call1("aten::amax", x, dims, keepDim);

    public static Value Amin(this IGraphBuilder b, Argument x, long[] dims, bool keepDim = false) => b.Call1("aten::amin", x, dims, keepDim);

    public static Value Mm(this IGraphBuilder b, Argument x, Argument y) => b.Call1("aten::mm", x, y);

    public static Value Bmm(this IGraphBuilder b, Argument x, Argument y) => b.Call1("aten::bmm", x, y);

    /// <summary>The same numbers in another type; the value itself if it has the type.</summary>
    public static Value Cast(this IGraphBuilder b, Value x, ScalarType type) =>
        x.Spec.Type == type ? x : b.Call1("aten::_to_copy", x, type);

    /// <summary>An integer or Bool tensor becomes Float.</summary>
    public static Value Floating(this IGraphBuilder b, Value x) => b.Cast(x, ShapeRules.ToFloating(x.Spec.Type));

    /// <summary>A zero-dimensional constant. A float gets the floating type among <paramref name="like"/> and Float, an integer Long, a truth value Bool.</summary>
    public static Value Number(this IGraphBuilder b, Argument number, ScalarType like = ScalarType.Float)
    {
        if (number.IsValue)
            return b.Call1("aten::scalar_tensor", number, NumberType(number, like));
        return b.Constant(Constants.Filled(NumberType(number, like), [], number.AsDouble()));
    }

    /// <summary>The tensor itself, or a number as a zero-dimensional constant that takes part in type promotion like the number.</summary>
    public static Value AsTensor(this IGraphBuilder b, Argument x, Argument like) =>
        IsTensor(x) ? x.AsValue() : b.Number(x, IsTensor(like) ? like.AsSpec().Type : ScalarType.Float);

    /// <summary>A tensor with the other's sizes, filled with a number.</summary>
    public static Value FullLike(this IGraphBuilder b, Value like, Argument number, ScalarType? type = null) =>
        b.Call1("aten::full_like", like, number, type ?? like.Spec.Type);

    public static bool IsTensor(Argument x) => x.IsValue && x.AsValue().Kind == ValueKind.Tensor;

    private static Value Arithmetic(IGraphBuilder b, string op, Argument x, Argument y) => b.Call1(op + (IsTensor(y) ? ".Tensor" : ".Scalar"), x, y);

    private static ScalarType NumberType(Argument number, ScalarType like)
    {
        var kind = number.IsValue ? number.AsValue().Kind : number.IsBool ? ValueKind.Bool : number.IsInt ? ValueKind.Int : ValueKind.Double;
        return kind switch
        {
            ValueKind.Bool => ScalarType.Bool,
            ValueKind.Int => ScalarType.Long,
            _ => like.IsFloating() ? like : ScalarType.Float,
        };
    }
}
