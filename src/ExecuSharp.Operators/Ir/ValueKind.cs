namespace ExecuSharp.Operators.Ir;

/// <summary>What a value of a graph is.</summary>
public enum ValueKind : byte
{
    /// <summary>A tensor.</summary>
    Tensor,
    /// <summary>An integer known only at run time, such as a dynamic size.</summary>
    Int,
    /// <summary>A float known only at run time.</summary>
    Double,
    /// <summary>A truth value known only at run time.</summary>
    Bool,
}
