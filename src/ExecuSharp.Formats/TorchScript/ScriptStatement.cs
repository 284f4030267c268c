namespace ExecuSharp.Formats.TorchScript;

/// <summary>A statement of the TorchScript source language.</summary>
/// <param name="Line">Its line in the source file, from 1.</param>
public abstract record ScriptStatement(int Line)
{
    /// <summary>An assignment to one target, or of the elements of the value to several.</summary>
    public sealed record Assign(int Line, IReadOnlyList<ScriptExpression> Targets, bool Unpacks, ScriptExpression Value, string? Type) : ScriptStatement(Line);

    /// <summary>An expression by itself.</summary>
    public sealed record Evaluate(int Line, ScriptExpression Value) : ScriptStatement(Line);

    /// <summary>A condition.</summary>
    public sealed record If(int Line, ScriptExpression Condition, IReadOnlyList<ScriptStatement> Then, IReadOnlyList<ScriptStatement> Else) : ScriptStatement(Line);

    /// <summary>A loop while a condition holds.</summary>
    public sealed record While(int Line, ScriptExpression Condition, IReadOnlyList<ScriptStatement> Body) : ScriptStatement(Line);

    /// <summary>A loop over numbers or elements.</summary>
    public sealed record For(int Line, ScriptExpression Target, ScriptExpression Over, IReadOnlyList<ScriptStatement> Body) : ScriptStatement(Line);

    /// <summary>Statements under a context manager.</summary>
    public sealed record With(int Line, ScriptExpression Context, IReadOnlyList<ScriptStatement> Body) : ScriptStatement(Line);

    /// <summary>The end of a function.</summary>
    public sealed record Return(int Line, ScriptExpression? Value) : ScriptStatement(Line);

    /// <summary>An exception.</summary>
    public sealed record Raise(int Line, ScriptExpression? Value) : ScriptStatement(Line);

    /// <summary>Nothing.</summary>
    public sealed record Pass(int Line) : ScriptStatement(Line);
}
