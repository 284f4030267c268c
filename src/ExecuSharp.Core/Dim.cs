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
        if (a.IsStatic && operation is (SymOperation.Add or SymOperation.Multiply or SymOperation.Min or SymOperation.Max))
            (a, b) = (b, a);
        if (b.IsStatic)
            return WithNumber(operation, a, b.Value);
        if (a == b && operation is SymOperation.Subtract)
            return 0;
        if (a == b && operation is (SymOperation.Min or SymOperation.Max))
            return a;
        return Make(operation, a, b);
    }

    /// <summary>A dynamic size and a number, with numbers gathered on the right, so that equal sizes have equal expressions.</summary>
    private static Dim WithNumber(SymOperation operation, Dim a, long number)
    {
        var (x, inner) = a.Expression is SymExpr.Binary { Right: SymExpr.Constant c } binary ? (Of(binary.Left), (Operation: (SymOperation?)binary.Operation, c.Value)) : (a, (null, 0));
        switch (operation)
        {
            case SymOperation.Subtract:
                return WithNumber(SymOperation.Add, a, -number);
            case SymOperation.Add when number == 0:
            case SymOperation.Multiply or SymOperation.FloorDivide when number == 1:
                return a;
            case SymOperation.Multiply when number == 0:
            case SymOperation.Modulo when number == 1:
                return 0;
            case SymOperation.Add when inner.Operation == SymOperation.Add:
                return WithNumber(SymOperation.Add, x, inner.Value + number);
            case SymOperation.Multiply when inner.Operation == SymOperation.Multiply:
                return WithNumber(SymOperation.Multiply, x, inner.Value * number);
            case SymOperation.FloorDivide when inner.Operation == SymOperation.Multiply && number != 0 && inner.Value % number == 0:
                return WithNumber(SymOperation.Multiply, x, inner.Value / number);
            case SymOperation.FloorDivide when inner.Operation == SymOperation.Multiply && number > 0 && inner.Value > 0 && number % inner.Value == 0:
                return WithNumber(SymOperation.FloorDivide, x, number / inner.Value);
            case SymOperation.FloorDivide when inner.Operation == SymOperation.FloorDivide && inner.Value > 0 && number > 0:
                return WithNumber(SymOperation.FloorDivide, x, inner.Value * number);
            case SymOperation.FloorDivide when inner.Operation == SymOperation.Add && number > 0
                && x.Expression is SymExpr.Binary { Operation: SymOperation.Multiply, Right: SymExpr.Constant factor } && factor.Value % number == 0:
                return (x / number) + SymExpr.Apply(SymOperation.FloorDivide, inner.Value, number);
            case SymOperation.Modulo when inner.Operation == SymOperation.Multiply && number != 0 && inner.Value % number == 0:
                return 0;
            default:
                return Make(operation, a, number);
        }
    }

    private static Dim Of(SymExpr expression) => new(expression.Evaluate(s => s.Max), expression);

    private static Dim Make(SymOperation operation, Dim a, Dim b) => Of(new SymExpr.Binary(operation, a.ToExpression(), b.ToExpression()));
}
