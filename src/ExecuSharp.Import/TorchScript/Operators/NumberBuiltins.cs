using System.Globalization;
using ExecuSharp.Import.Pt2;
using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>Arithmetic of numbers, with Python's rules; on numbers known only at run time it goes into the graph.</summary>
internal static class NumberBuiltins
{
    public static ScriptValue[]? TryCall(ScriptContext context, string name, IReadOnlyList<ScriptValue> args)
    {
        if (args.Count == 0 || !name.StartsWith("aten::", StringComparison.Ordinal))
            return null;
        string op = name[6..];
        if (op is "Int" or "Float" or "Bool" or "IntImplicit" or "FloatImplicit" or "ScalarImplicit" or "BoolImplicit" or "item" or "Complex")
            return args is [ScriptValue.Tensor or ScriptValue.Literal] ? Cast(context, op, args[0]) : null;
        if (!args.All(a => a.IsNumber()))
            return null;
        var numbers = args.Select(a => ((ScriptValue.Literal)a).Value).ToArray();
        if (!numbers.All(n => n.IsNumber))
            return AtRunTime(context, op, numbers);
        return Compute(op, numbers) is { } result ? [new ScriptValue.Literal(result)] : null;
    }

    private static ScriptValue[]? Cast(ScriptContext context, string op, ScriptValue value)
    {
        Argument number;
        if (value is ScriptValue.Tensor tensor)
            number = context.Item(tensor);
        else if (value is ScriptValue.Literal { Value.IsString: true } text)
            number = double.TryParse(text.Value.AsString().Replace("inf", "Infinity", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double d)
                ? d : throw new InvalidOperationException($"'{text.Value.AsString()}' is no number");
        else if (value.IsNumber())
            number = ((ScriptValue.Literal)value).Value;
        else
            return null;
        if (!number.IsNumber)
            return [ScriptContext.Number(op switch
            {
                "Int" when number.AsValue().Kind == ValueKind.Double => PythonNumbers.Call(context.Builder, "torch.sym_int", [number]),
                "Float" when number.AsValue().Kind != ValueKind.Double => PythonNumbers.Call(context.Builder, "torch.sym_float", [number]),
                _ => number,
            })];
        return op switch
        {
            "Int" or "IntImplicit" => [new ScriptValue.Literal(number.IsDouble ? (long)number.AsDouble() : Integer(number))],
            "Float" or "FloatImplicit" => [new ScriptValue.Literal(ScriptValues.Number(number))],
            "Bool" or "BoolImplicit" => [new ScriptValue.Literal(ScriptValues.Number(number) != 0)],
            _ => [new ScriptValue.Literal(number)],
        };
    }

    private static ScriptValue[]? AtRunTime(ScriptContext context, string op, Argument[] numbers)
    {
        string? python = op switch
        {
            "add" or "sub" or "mul" or "neg" or "eq" or "ne" or "lt" or "le" or "gt" or "ge" or "pow" => op,
            "floordiv" or "floor_divide" => "floordiv",
            "div" or "truediv" => "truediv",
            "remainder" or "mod" or "fmod" => "mod",
            "min" => "sym_min",
            "max" => "sym_max",
            "__not__" => "sym_not",
            "ceil" or "floor" or "round" or "trunc" => op,
            _ => null,
        };
        return python is null ? null : [ScriptContext.Number(PythonNumbers.Call(context.Builder, "_operator." + python, numbers))];
    }

    private static long Integer(Argument number) => number.IsBool ? number.AsBool() ? 1 : 0 : number.AsInt();

    private static Argument? Compute(string op, Argument[] n)
    {
        if (n.Length == 1)
            return Unary(op, n[0]);
        if (n.Length != 2)
            return n.Length == 3 && op is "add" or "sub" ? Compute(op, [n[0], Compute("mul", [n[1], n[2]])!]) : null;
        bool integers = !n[0].IsDouble && !n[1].IsDouble;
        return Compare(op, n) ?? (integers ? Integers(op, n, Integer(n[0]), Integer(n[1])) : Doubles(op, ScriptValues.Number(n[0]), ScriptValues.Number(n[1])));
    }

    private static Argument? Compare(string op, Argument[] n)
    {
        double a = ScriptValues.Number(n[0]), b = ScriptValues.Number(n[1]);
        return op switch
        {
            "eq" => a == b,
            "ne" => a != b,
            "lt" => a < b,
            "le" => a <= b,
            "gt" => a > b,
            "ge" => a >= b,
            _ => null,
        };
    }

    private static Argument? Unary(string op, Argument n)
    {
        double d = ScriptValues.Number(n);
        bool real = n.IsDouble;
        return op switch
        {
            "neg" => real ? -d : (Argument)(-Integer(n)),
            "abs" => real ? Math.Abs(d) : (Argument)Math.Abs(Integer(n)),
            "__not__" => d == 0,
            "floor" => real ? (long)Math.Floor(d) : Integer(n),
            "ceil" => real ? (long)Math.Ceiling(d) : Integer(n),
            "round" => Math.Round(d, MidpointRounding.ToEven),
            "trunc" => real ? (long)d : Integer(n),
            "sqrt" => Math.Sqrt(d),
            "exp" => Math.Exp(d),
            "log" => Math.Log(d),
            "log2" => Math.Log2(d),
            "log10" => Math.Log10(d),
            "sin" => Math.Sin(d),
            "cos" => Math.Cos(d),
            "tan" => Math.Tan(d),
            "tanh" => Math.Tanh(d),
            "isnan" => double.IsNaN(d),
            "isinf" => double.IsInfinity(d),
            _ => null,
        };
    }

    private static Argument? Integers(string op, Argument[] n, long a, long b)
    {
        if (op is "floordiv" or "floor_divide" or "remainder" or "mod" or "fmod" or "div" or "truediv" && b == 0)
            throw new InvalidOperationException($"{op} of {a} by zero");
        bool truths = n[0].IsBool && n[1].IsBool;
        return op switch
        {
            "add" => checked(a + b),
            "sub" => checked(a - b),
            "mul" => checked(a * b),
            "div" or "truediv" => (double)a / b,
            "floordiv" or "floor_divide" => (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0),
            "remainder" or "mod" => ((a % b) + b) % b,
            "fmod" => (double)(a % b),
            "pow" => b >= 0 && Math.Abs(Math.Pow(a, b)) < 9e15 ? (long)Math.Pow(a, b) : (Argument)Math.Pow(a, b),
            "min" => Math.Min(a, b),
            "max" => Math.Max(a, b),
            "__and__" => truths ? (a & b) != 0 : a & b,
            "__or__" => truths ? (a | b) != 0 : a | b,
            "__xor__" => truths ? (a ^ b) != 0 : a ^ b,
            "__lshift__" when b is >= 0 and < 63 => a << (int)b,
            "__rshift__" when b is >= 0 and < 63 => a >> (int)b,
            _ => null,
        };
    }

    private static Argument? Doubles(string op, double a, double b) => op switch
    {
        "add" => a + b,
        "sub" => a - b,
        "mul" => a * b,
        "div" or "truediv" => a / b,
        "floordiv" or "floor_divide" => Math.Floor(a / b),
        "remainder" or "mod" => a - (Math.Floor(a / b) * b),
        "fmod" => a % b,
        "pow" => Math.Pow(a, b),
        "min" => Math.Min(a, b),
        "max" => Math.Max(a, b),
        _ => null,
    };
}
