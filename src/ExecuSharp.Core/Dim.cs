namespace ExecuSharp.Core;

/// <summary>
/// One size of a tensor at compile time: a number, or an expression with its value at the upper bounds of its symbols. Arithmetic carries both,
/// so shape rules are written once and serve static and dynamic models. Comparisons of shape rules use <see cref="Value"/>.
/// </summary>
public readonly record struct Dim
{
    /// <summary>A fixed size.</summary>
    public Dim(long value) => Value = value;

    /// <summary>A dynamic size; its value is taken at the upper bounds of the symbols.</summary>
    public Dim(SymExpr expression)
    {
        Value = expression.Evaluate(s => s.Max);
        Expression = expression is SymExpr.Constant ? null : expression;
    }

    private Dim(long value, SymExpr? expression) => (Value, Expression) = (value, expression);

    /// <summary>The size, or the upper bound of a dynamic one.</summary>
    public long Value { get; }

    /// <summary>The expression of a dynamic size, else null.</summary>
    public SymExpr? Expression { get; }

    /// <summary>True for a fixed size.</summary>
    public bool IsStatic => Expression is null;

    /// <summary>A fixed size.</summary>
    public static implicit operator Dim(long value) => new(value);

    /// <summary>A fixed size.</summary>
    public static implicit operator Dim(int value) => new(value);

    /// <summary>Sum.</summary>
    public static Dim operator +(Dim a, Dim b) => Combine(SymOperation.Add, a, b);

    /// <summary>Difference.</summary>
    public static Dim operator -(Dim a, Dim b) => Combine(SymOperation.Subtract, a, b);

    /// <summary>Product.</summary>
    public static Dim operator *(Dim a, Dim b) => Combine(SymOperation.Multiply, a, b);

    /// <summary>Division that rounds down.</summary>
    public static Dim operator /(Dim a, Dim b) => Combine(SymOperation.FloorDivide, a, b);

    /// <summary>Remainder with the divisor's sign.</summary>
    public static Dim operator %(Dim a, Dim b) => Combine(SymOperation.Modulo, a, b);

    /// <summary>The smaller.</summary>
    public static Dim Min(Dim a, Dim b) => Combine(SymOperation.Min, a, b);

    /// <summary>The larger.</summary>
    public static Dim Max(Dim a, Dim b) => Combine(SymOperation.Max, a, b);

    /// <summary>The expression, also of a fixed size.</summary>
    public SymExpr ToExpression() => Expression ?? new SymExpr.Constant(Value);

    /// <inheritdoc/>
    public override string ToString() => Expression?.ToString() ?? Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Dim Combine(SymOperation operation, Dim a, Dim b)
    {
        if (a.IsStatic && b.IsStatic)
            return new Dim(SymExpr.Apply(operation, a.Value, b.Value));
        switch (operation)
        {
            case SymOperation.Add when b is { IsStatic: true, Value: 0 }:
            case SymOperation.Subtract when b is { IsStatic: true, Value: 0 }:
            case SymOperation.Multiply when b is { IsStatic: true, Value: 1 }:
            case SymOperation.FloorDivide when b is { IsStatic: true, Value: 1 }:
                return a;
            case SymOperation.Add when a is { IsStatic: true, Value: 0 }:
            case SymOperation.Multiply when a is { IsStatic: true, Value: 1 }:
                return b;
            case SymOperation.Multiply when a is { IsStatic: true, Value: 0 } || b is { IsStatic: true, Value: 0 }:
                return 0;
            default:
                var expression = new SymExpr.Binary(operation, a.ToExpression(), b.ToExpression());
                return new Dim(expression.Evaluate(s => s.Max), expression);
        }
    }
}
