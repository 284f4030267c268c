namespace ExecuSharp.Core;

/// <summary>Operations of <see cref="SymExpr"/>.</summary>
public enum SymOperation
{
    /// <summary>a + b.</summary>
    Add,
    /// <summary>a - b.</summary>
    Subtract,
    /// <summary>a * b.</summary>
    Multiply,
    /// <summary>Division that rounds down.</summary>
    FloorDivide,
    /// <summary>Remainder with the divisor's sign.</summary>
    Modulo,
    /// <summary>The smaller.</summary>
    Min,
    /// <summary>The larger.</summary>
    Max,
}
