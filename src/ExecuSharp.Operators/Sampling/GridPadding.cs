namespace ExecuSharp.Operators.Sampling;

/// <summary>What lies outside the plane.</summary>
internal enum GridPadding
{
    /// <summary>Zeros.</summary>
    Zeros,
    /// <summary>The nearest border element.</summary>
    Border,
    /// <summary>The mirrored plane.</summary>
    Reflection,
}
