namespace ExecuSharp.Core;

/// <summary>An integer expression over named symbols, as torch.export writes them for dynamic sizes.</summary>
public abstract record SymExpr
{
    /// <summary>A named size with its range.</summary>
    public sealed record Symbol(string Name, long Min, long Max) : SymExpr
    {
        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    /// <summary>A number.</summary>
    public sealed record Constant(long Value) : SymExpr
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Two expressions and an operation between them.</summary>
    public sealed record Binary(SymOperation Operation, SymExpr Left, SymExpr Right) : SymExpr
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Operation}({Left}, {Right})";
    }

    /// <summary>The value when each symbol has the value that <paramref name="assign"/> gives.</summary>
    public long Evaluate(Func<Symbol, long> assign) => this switch
    {
        Symbol s => assign(s),
        Constant c => c.Value,
        Binary b => Apply(b.Operation, b.Left.Evaluate(assign), b.Right.Evaluate(assign)),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>One operation on numbers; division and remainder floor, as in Python.</summary>
    public static long Apply(SymOperation operation, long a, long b) => operation switch
    {
        SymOperation.Add => checked(a + b),
        SymOperation.Subtract => checked(a - b),
        SymOperation.Multiply => checked(a * b),
        SymOperation.FloorDivide => b == 0 ? throw new DivideByZeroException() : Floor(a, b),
        SymOperation.Modulo => b == 0 ? throw new DivideByZeroException() : a - (Floor(a, b) * b),
        SymOperation.Min => Math.Min(a, b),
        SymOperation.Max => Math.Max(a, b),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    private static long Floor(long a, long b)
    {
        long q = a / b;
        return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
    }
}
