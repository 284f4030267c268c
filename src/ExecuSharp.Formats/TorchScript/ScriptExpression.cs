namespace ExecuSharp.Formats.TorchScript;

/// <summary>An expression of the TorchScript source language.</summary>
public abstract record ScriptExpression
{
    /// <summary>A name.</summary>
    public sealed record Name(string Text) : ScriptExpression;

    /// <summary>A literal: null, bool, long, double or string.</summary>
    public sealed record Literal(object? Value) : ScriptExpression;

    /// <summary>An attribute of a value, or a part of a qualified name.</summary>
    public sealed record Attribute(ScriptExpression Owner, string Member) : ScriptExpression;

    /// <summary>A call.</summary>
    public sealed record Call(ScriptExpression Callee, IReadOnlyList<ScriptExpression> Arguments, IReadOnlyList<KeyValuePair<string, ScriptExpression>> Keywords) : ScriptExpression;

    /// <summary>An element: <c>a[i]</c>; also a type with parameters.</summary>
    public sealed record Subscript(ScriptExpression Owner, ScriptExpression Index) : ScriptExpression;

    /// <summary>A list.</summary>
    public sealed record ListOf(IReadOnlyList<ScriptExpression> Items) : ScriptExpression;

    /// <summary>A tuple.</summary>
    public sealed record TupleOf(IReadOnlyList<ScriptExpression> Items) : ScriptExpression;

    /// <summary>A dictionary.</summary>
    public sealed record DictOf(IReadOnlyList<KeyValuePair<ScriptExpression, ScriptExpression>> Items) : ScriptExpression;

    /// <summary>A negated number.</summary>
    public sealed record Negate(ScriptExpression Operand) : ScriptExpression;

    /// <summary>The dotted name that this spells (<c>torch.nn.functional.relu</c>), or null.</summary>
    public string? Dotted() => this switch
    {
        Name n => n.Text,
        Attribute a => a.Owner.Dotted() is { } owner ? owner + "." + a.Member : null,
        _ => null,
    };

    /// <summary>A type as written, without spaces: <c>List[Optional[Tensor]]</c>.</summary>
    public string TypeText() => this switch
    {
        Subscript s => $"{s.Owner.TypeText()}[{(s.Index is TupleOf t ? string.Join(", ", t.Items.Select(i => i.TypeText())) : s.Index.TypeText())}]",
        TupleOf t => "(" + string.Join(", ", t.Items.Select(i => i.TypeText())) + ")",
        Literal l => l.Value?.ToString() ?? "None",
        _ => Dotted() ?? "?",
    };
}
