using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Builtin;

/// <summary>The operators that the runtime has without a kernel library: sizes and arithmetic of numbers.</summary>
internal static class BuiltinOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        Row("aten::sym_size.int(Tensor self, int dim) -> SymInt", SymSize),
        Row("aten::sym_numel(Tensor self) -> SymInt", (in KernelArgs a) => a[1].Set(a.Tensor(0).Numel)),
        Row("aten::_local_scalar_dense(Tensor self) -> Scalar", LocalScalarDense),
        Row("executorch_prim::add.Scalar(Scalar a, Scalar b) -> Scalar", (in KernelArgs a) => Arithmetic(a, (x, y) => unchecked(x + y), (x, y) => x + y)),
        Row("executorch_prim::sub.Scalar(Scalar a, Scalar b) -> Scalar", (in KernelArgs a) => Arithmetic(a, (x, y) => unchecked(x - y), (x, y) => x - y)),
        Row("executorch_prim::mul.Scalar(Scalar a, Scalar b) -> Scalar", (in KernelArgs a) => Arithmetic(a, (x, y) => unchecked(x * y), (x, y) => x * y)),
        Row("executorch_prim::floordiv.Scalar(Scalar a, Scalar b) -> Scalar", (in KernelArgs a) => Arithmetic(a, FloorDivide, FloorDivide)),
        Row("executorch_prim::truediv.Scalar(Scalar a, Scalar b) -> Scalar", TrueDivide),
        Row("executorch_prim::floordiv.int(int a, int b) -> int", (in KernelArgs a) => Integers(a, (x, y) => Divide(x, y))),
        Row("executorch_prim::mod.int(int a, int b) -> int", (in KernelArgs a) => Integers(a, Modulo)),
        Row("executorch_prim::mod.Scalar(Scalar a, Scalar b) -> Scalar", (in KernelArgs a) => Integers(a, Modulo)),
        Row("executorch_prim::sym_max.Scalar(SymInt a, SymInt b) -> SymInt", (in KernelArgs a) => Integers(a, Math.Max)),
        Row("executorch_prim::sym_min.Scalar(SymInt a, SymInt b) -> SymInt", (in KernelArgs a) => Integers(a, Math.Min)),
        Row("executorch_prim::eq.Scalar(Scalar a, Scalar b) -> bool", (in KernelArgs a) => Compare(a, (x, y) => x == y, (x, y) => x == y)),
        Row("executorch_prim::lt.Scalar(Scalar a, Scalar b) -> bool", (in KernelArgs a) => Compare(a, (x, y) => x < y, (x, y) => x < y)),
        Row("executorch_prim::le.Scalar(Scalar a, Scalar b) -> bool", (in KernelArgs a) => Compare(a, (x, y) => x <= y, (x, y) => x <= y)),
        Row("executorch_prim::gt.Scalar(Scalar a, Scalar b) -> bool", (in KernelArgs a) => Compare(a, (x, y) => x > y, (x, y) => x > y)),
        Row("executorch_prim::ge.Scalar(Scalar a, Scalar b) -> bool", (in KernelArgs a) => Compare(a, (x, y) => x >= y, (x, y) => x >= y)),
        Row("executorch_prim::neg.Scalar(Scalar a) -> Scalar", Negate),
        Row("executorch_prim::ceil.Scalar(Scalar a) -> Scalar", (in KernelArgs a) => ToInteger(a, Math.Ceiling)),
        Row("executorch_prim::round.Scalar(Scalar a) -> Scalar", (in KernelArgs a) => ToInteger(a, Math.Round)),
        Row("executorch_prim::trunc.Scalar(Scalar a) -> Scalar", (in KernelArgs a) => ToInteger(a, Math.Truncate)),
        Row("executorch_prim::sym_float.Scalar(Scalar a) -> Scalar", (in KernelArgs a) => a[1].Set(Number(a[0]).ToDouble())),
        Row("executorch_prim::sym_int.Scalar(Scalar a) -> Scalar", (in KernelArgs a) => a[1].Set(Number(a[0]).ToLong())),
        Row("executorch_prim::sym_not.Scalar(bool a) -> bool", (in KernelArgs a) => a[1].Set(!a.Bool(0))),
        Row("executorch_prim::sym_ite.Scalar(bool b, Scalar t, Scalar f) -> Scalar", (in KernelArgs a) => a[3].Set(Number(a.Bool(0) ? a[1] : a[2]))),
    ];

    private static OperatorDefinition Row(string schema, KernelFunction kernel) => new(schema)
    {
        OutName = schema[..schema.IndexOf('(', StringComparison.Ordinal)],
        Kernel = kernel,
        IsBuiltin = true,
    };

    private static void SymSize(in KernelArgs args)
    {
        var x = args.Tensor(0);
        long dim = args.Int(1);
        KernelChecks.Require(dim >= 0 && dim < x.Rank, $"dim {dim} of {x.Rank} dimensions");
        args[2].Set((long)x.Sizes[(int)dim]);
    }

    private static void LocalScalarDense(in KernelArgs args)
    {
        var x = args.Tensor(0);
        KernelChecks.Require(x.Numel >= 1, "the tensor is empty");
        if (x.Type is ScalarType.Float or ScalarType.Double)
            args[1].Set(ElementBlocks.Element<double>(x, 0));
        else if (x.Type == ScalarType.Bool)
            args[1].Set(ElementBlocks.Element<bool>(x, 0));
        else if (x.Type.IsIntegral() && Promotion.IsReal(x.Type))
            args[1].Set(ElementBlocks.Element<long>(x, 0));
        else
            KernelChecks.Fail($"no number of type {x.Type.Name()}");
    }

    private static void Arithmetic(in KernelArgs args, Func<long, long, long> integers, Func<double, double, double> floats)
    {
        EValue a = args[0], b = args[1];
        if (a.Tag == Tag.Int && b.Tag == Tag.Int)
            args[2].Set(integers(a.AsInt(), b.AsInt()));
        else
            args[2].Set(floats(Float(a), Float(b)));
    }

    private static void TrueDivide(in KernelArgs args) => args[2].Set(Float(args[0]) / Float(args[1]));

    private static void Integers(in KernelArgs args, Func<long, long, long> function) => args[2].Set(function(args.Int(0), args.Int(1)));

    private static void Compare(in KernelArgs args, Func<long, long, bool> integers, Func<double, double, bool> floats)
    {
        EValue a = args[0], b = args[1];
        if (a.Tag == Tag.Bool && b.Tag == Tag.Bool)
            args[2].Set(integers(a.AsBool() ? 1 : 0, b.AsBool() ? 1 : 0));
        else if (a.Tag == Tag.Int && b.Tag == Tag.Int)
            args[2].Set(integers(a.AsInt(), b.AsInt()));
        else
            args[2].Set(floats(Float(a), Float(b)));
    }

    private static void Negate(in KernelArgs args)
    {
        if (args[0].Tag == Tag.Int)
            args[1].Set(unchecked(-args.Int(0)));
        else
            args[1].Set(-args.Double(0));
    }

    private static void ToInteger(in KernelArgs args, Func<double, double> rounding) => args[1].Set((long)rounding(args.Double(0)));

    private static Scalar Number(EValue value) => value.IsScalar
        ? value.AsScalar()
        : throw new ExecuTorchException(ErrorCode.InvalidType, $"{value} is no number");

    private static double Float(EValue value) => value.Tag == Tag.Int ? value.AsInt() : value.AsDouble();

    private static long Divide(long a, long b)
    {
        IntegerChecks(a, b);
        return a / b;
    }

    private static long Modulo(long a, long b)
    {
        IntegerChecks(a, b);
        return a % b;
    }

    private static long FloorDivide(long a, long b)
    {
        IntegerChecks(a, b);
        long quotient = a / b;
        return (a < 0) != (b < 0) && quotient * b != a ? quotient - 1 : quotient;
    }

    private static double FloorDivide(double a, double b)
    {
        if (b == 0)
            return double.IsNegative(a) ? double.NegativeInfinity : double.PositiveInfinity;
        double mod = a % b;
        double quotient = (a - mod) / b;
        return mod != 0 && double.IsNegative(b) != double.IsNegative(mod) ? quotient - 1 : quotient;
    }

    private static void IntegerChecks(long a, long b)
    {
        KernelChecks.Require(b != 0, "integer division by zero");
        KernelChecks.Require(b != -1 || a != long.MinValue, "the quotient does not fit");
    }
}
