using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Pointwise;

/// <summary>Comparisons, tests of numbers and logic under other names.</summary>
internal static class LogicDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        .. Operators("__and__", "bitwise_and"),
        .. Operators("__or__", "bitwise_or"),
        .. Operators("__xor__", "bitwise_xor"),
        .. Operators("__lshift__", "bitwise_left_shift", "Tensor_Scalar"),
        .. Operators("__rshift__", "bitwise_right_shift", "Tensor_Scalar"),
        .. Operators("greater", "gt"),
        .. Operators("greater_equal", "ge"),
        .. Operators("less", "lt"),
        .. Operators("less_equal", "le"),
        .. Operators("not_equal", "ne"),
        One("aten::isfinite(Tensor self) -> Tensor", IsFinite),
        One("aten::isreal(Tensor self) -> Tensor", (b, a) => b.FullLike(a[0].AsValue(), true, ScalarType.Bool)),
        One("aten::isposinf(Tensor self) -> Tensor", (b, a) => IsInfinity(b, a[0].AsValue(), double.PositiveInfinity)),
        One("aten::isneginf(Tensor self) -> Tensor", (b, a) => IsInfinity(b, a[0].AsValue(), double.NegativeInfinity)),
        One("aten::signbit(Tensor self) -> Tensor", (b, a) => b.Lt(a[0], 0)),
        One("aten::isclose(Tensor self, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False) -> Tensor", IsClose),
        One("aten::allclose(Tensor self, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False) -> Tensor", (b, a) => b.Call1("aten::all", IsClose(b, a))),
        One("aten::equal(Tensor self, Tensor other) -> Tensor", (b, a) => b.Call1("aten::all", b.Eq(a[0], a[1]))),
        One("aten::where.ScalarOther(Tensor condition, Tensor self, Scalar other) -> Tensor", (b, a) => b.Where(a[0].AsValue(), a[1], a[2])),
        One("aten::where.ScalarSelf(Tensor condition, Scalar self, Tensor other) -> Tensor", (b, a) => b.Where(a[0].AsValue(), a[1], a[2])),
        One("aten::where.Scalar(Tensor condition, Scalar self, Scalar other) -> Tensor", (b, a) => b.Where(a[0].AsValue(), a[1], a[2])),
        One("aten::masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor", (b, a) => b.Where(a[1].AsValue(), b.Cast(a[2].AsValue(), a[0].AsSpec().Type), a[0])),
        One("aten::isin.Tensor_Tensor(Tensor elements, Tensor test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor", IsIn),
    ];

    private static IEnumerable<OperatorDefinition> Operators(string name, string op, string scalar = "Scalar") =>
    [
        One($"aten::{name}.Tensor(Tensor self, Tensor other) -> Tensor", (b, a) => b.Call1($"aten::{op}.Tensor", a[0], a[1])),
        One($"aten::{name}.Scalar(Tensor self, Scalar other) -> Tensor", (b, a) => b.Call1($"aten::{op}.{scalar}", a[0], a[1])),
    ];

    private static Value IsFinite(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        if (!x.Spec.Type.IsFloating())
            return b.FullLike(x, true, ScalarType.Bool);
        return b.Not(b.Or(b.Call1("aten::isinf", x), b.Call1("aten::isnan", x)));
    }

    private static Value IsInfinity(IGraphBuilder b, Value x, double infinity) =>
        x.Spec.Type.IsFloating() ? b.Eq(x, infinity) : b.FullLike(x, false, ScalarType.Bool);

    private static Value IsClose(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, y) = (a[0].AsValue(), a[1].AsValue());
        var close = b.Eq(x, y);
        bool floating = x.Spec.Type.IsFloating();
        if (floating && a[4].AsBool())
            close = b.Or(close, b.And(b.Call1("aten::isnan", x), b.Call1("aten::isnan", y)));
        if (a[2].AsDouble() == 0 && a[3].AsDouble() == 0)
            return close;
        var allowed = b.Add(b.Abs(b.Mul(b.Floating(y), a[2])), a[3]);
        var distance = b.Abs(b.Sub(b.Floating(x), b.Floating(y)));
        var near = b.Le(distance, allowed);
        if (floating)
            near = b.And(near, IsFinite(b, [distance]));
        return b.Or(close, near);
    }

    private static Value IsIn(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var found = b.Call1("aten::any.dim", b.Eq(b.Unsqueeze(a[0].AsValue(), -1), b.View(a[1].AsValue(), (Argument)(-1))), -1, false);
        return a[3].AsBool() ? b.Not(found) : found;
    }
}
