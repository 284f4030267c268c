using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Graphs;

/// <summary>Kind and size expression of the numbers that operators give: sizes, their arithmetic, elements of tensors.</summary>
internal static class NumberRules
{
    /// <summary>True if the operator's result is a number and no tensor.</summary>
    public static bool GivesNumber(OperatorSchema schema) =>
        schema.Returns is ["SymInt" or "int" or "float" or "bool" or "Scalar" or "SymBool" or "SymFloat"];

    /// <summary>The result's kind and, for an integer made of sizes, its expression.</summary>
    public static (ValueKind Kind, Dim? Size) Result(string op, IReadOnlyList<Argument> args)
    {
        switch (op)
        {
            case "aten::sym_size.int":
                var spec = args[0].AsSpec();
                long dim = args[1].AsInt();
                return (ValueKind.Int, spec.Sizes[dim < 0 ? dim + spec.Rank : dim]);
            case "aten::sym_numel":
                return (ValueKind.Int, args[0].AsSpec().Sizes.Aggregate((Dim)1, (a, b) => a * b));
            case "aten::_local_scalar_dense":
                return (KindOf(args[0].AsSpec().Type), null);
            case "executorch_prim::eq.Scalar" or "executorch_prim::gt.Scalar" or "executorch_prim::lt.Scalar" or "executorch_prim::ge.Scalar"
                or "executorch_prim::le.Scalar" or "executorch_prim::sym_not.Scalar":
                return (ValueKind.Bool, null);
            case "executorch_prim::truediv.Scalar" or "executorch_prim::sym_float.Scalar":
                return (ValueKind.Double, null);
            case "executorch_prim::trunc.Scalar" or "executorch_prim::ceil.Scalar" or "executorch_prim::round.Scalar" or "executorch_prim::sym_int.Scalar":
                return (ValueKind.Int, null);
            case "executorch_prim::neg.Scalar":
                return Arithmetic(args, (a, _) => 0 - a);
            case "executorch_prim::sym_ite.Scalar":
                return Arithmetic([args[1], args[2]], (a, b) => a.Value >= b.Value ? a : b);
            default:
                return Arithmetic(args, op switch
                {
                    "executorch_prim::add.Scalar" => (a, b) => a + b,
                    "executorch_prim::sub.Scalar" => (a, b) => a - b,
                    "executorch_prim::mul.Scalar" => (a, b) => a * b,
                    "executorch_prim::floordiv.Scalar" or "executorch_prim::floordiv.int" => (a, b) => a / b,
                    "executorch_prim::mod.Scalar" or "executorch_prim::mod.int" => (a, b) => a % b,
                    "executorch_prim::sym_max.Scalar" => Dim.Max,
                    "executorch_prim::sym_min.Scalar" => Dim.Min,
                    _ => null,
                });
        }
    }

    private static (ValueKind, Dim?) Arithmetic(IReadOnlyList<Argument> args, Func<Dim, Dim, Dim>? combine)
    {
        if (args.Any(a => a.IsDouble || (a.IsValue && a.AsValue().Kind == ValueKind.Double)))
            return (ValueKind.Double, null);
        if (combine is null || args.Any(a => !a.IsInt && !(a.IsValue && a.AsValue().Size is not null)))
            return (ValueKind.Int, null);
        return (ValueKind.Int, combine(args[0].AsDim(), args.Count > 1 ? args[1].AsDim() : 0));
    }

    private static ValueKind KindOf(ScalarType type) =>
        type == ScalarType.Bool ? ValueKind.Bool : type.IsFloating() ? ValueKind.Double : ValueKind.Int;
}
