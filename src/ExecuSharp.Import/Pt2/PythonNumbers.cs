using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Pt2;

/// <summary>Calls of Python functions on symbolic numbers, as built-in operators of the runtime; on literals they are computed.</summary>
internal static class PythonNumbers
{
    public static Argument Call(IGraphBuilder builder, string target, Argument[] args)
    {
        string name = target[(target.LastIndexOf('.') + 1)..].Trim('_');
        if (name == "pow" && args[1].IsInt && args[1].AsInt() is >= 1 and <= 8)
            return Enumerable.Repeat(args[0], (int)args[1].AsInt()).Aggregate((a, b) => Call(builder, "_operator.mul", [a, b]));
        if (name == "ne")
            return Call(builder, "torch.sym_not", [Call(builder, "_operator.eq", args)]);
        if (name is "ceil" or "trunc" or "floor" or "sym_int" or "round" && args[0].IsValue && args[0].AsValue().Kind == ValueKind.Int)
            return args[0];
        if (Array.TrueForAll(args, a => a.IsNumber))
            return Compute(name, args);
        string op = name switch
        {
            "add" or "sub" or "mul" or "floordiv" or "truediv" or "mod" or "eq" or "gt" or "lt" or "ge" or "le" or "neg" => $"executorch_prim::{name}.Scalar",
            "sym_float" or "sym_max" or "sym_min" or "sym_not" or "sym_ite" => $"executorch_prim::{name}.Scalar",
            "ceil" or "round" or "trunc" => $"executorch_prim::{name}.Scalar",
            "sym_int" => "executorch_prim::trunc.Scalar",
            "IntTrueDiv" => "executorch_prim::truediv.Scalar",
            _ => throw new InvalidOperationException($"{target} on run-time numbers is not supported"),
        };
        return builder.CallMany(op, args)[0];
    }

    private static Argument Compute(string name, Argument[] args)
    {
        if (args.All(a => !a.IsDouble) && Integer(name, args) is { } integer)
            return integer;
        double a = args[0].AsDouble(), b = args.Length > 1 ? args[1].AsDouble() : 0;
        return name switch
        {
            "add" => a + b,
            "sub" => a - b,
            "mul" => a * b,
            "truediv" or "IntTrueDiv" => a / b,
            "floordiv" => Math.Floor(a / b),
            "neg" => -a,
            "eq" => a == b,
            "gt" => a > b,
            "lt" => a < b,
            "ge" => a >= b,
            "le" => a <= b,
            "sym_float" => a,
            "sym_int" or "trunc" => (long)a,
            "ceil" => (long)Math.Ceiling(a),
            "floor" => (long)Math.Floor(a),
            "round" => (long)Math.Round(a),
            "sym_not" => !args[0].AsBool(),
            "sym_max" => Math.Max(a, b),
            "sym_min" => Math.Min(a, b),
            "sqrt" or "sym_sqrt" => Math.Sqrt(a),
            "sym_ite" => args[0].AsBool() ? args[1] : args[2],
            _ => throw new InvalidOperationException($"{name} of numbers is not supported"),
        };
    }

    private static Argument? Integer(string name, Argument[] args)
    {
        SymOperation? operation = name switch
        {
            "add" => SymOperation.Add,
            "sub" => SymOperation.Subtract,
            "mul" => SymOperation.Multiply,
            "floordiv" => SymOperation.FloorDivide,
            "mod" => SymOperation.Modulo,
            "sym_max" => SymOperation.Max,
            "sym_min" => SymOperation.Min,
            _ => null,
        };
        if (name == "neg")
            return -args[0].AsInt();
        return operation is { } o ? SymExpr.Apply(o, args[0].AsInt(), args[1].AsInt()) : null;
    }
}
