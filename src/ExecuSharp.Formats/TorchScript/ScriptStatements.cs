namespace ExecuSharp.Formats.TorchScript;

/// <summary>Parses statements.</summary>
internal static class ScriptStatements
{
    public static IReadOnlyList<ScriptStatement> Block(ScriptTokens tokens, int depth)
    {
        tokens.CheckDepth(depth);
        tokens.Newline();
        if (tokens.Kind != ScriptTokenKind.Indent)
            throw tokens.Error("an indented block");
        tokens.Next();
        var statements = new List<ScriptStatement>();
        while (tokens.Kind is not (ScriptTokenKind.Dedent or ScriptTokenKind.End))
            statements.Add(Statement(tokens, depth));
        tokens.EndBlock();
        return statements;
    }

    public static ScriptStatement Statement(ScriptTokens tokens, int depth)
    {
        int line = tokens.Line;
        if (tokens.TryWord("if"))
            return If(tokens, line, depth);
        if (tokens.TryWord("while"))
        {
            var condition = ScriptExpressions.Expression(tokens, depth);
            tokens.Symbol(":");
            return new ScriptStatement.While(line, condition, Block(tokens, depth + 1));
        }
        if (tokens.TryWord("for"))
        {
            var target = ScriptExpressions.Sequence(tokens, depth);
            if (!tokens.TryWord("in"))
                throw tokens.Error("'in'");
            var over = ScriptExpressions.Expression(tokens, depth);
            tokens.Symbol(":");
            return new ScriptStatement.For(line, target, over, Block(tokens, depth + 1));
        }
        if (tokens.TryWord("with"))
        {
            var context = ScriptExpressions.Expression(tokens, depth);
            tokens.Symbol(":");
            return new ScriptStatement.With(line, context, Block(tokens, depth + 1));
        }
        var statement = Simple(tokens, line, depth);
        tokens.Newline();
        return statement;
    }

    private static ScriptStatement.If If(ScriptTokens tokens, int line, int depth)
    {
        var condition = ScriptExpressions.Expression(tokens, depth);
        tokens.Symbol(":");
        var then = Block(tokens, depth + 1);
        IReadOnlyList<ScriptStatement> otherwise = [];
        int next = tokens.Line;
        if (tokens.TryWord("elif"))
            otherwise = [If(tokens, next, depth + 1)];
        else if (tokens.TryWord("else"))
        {
            tokens.Symbol(":");
            otherwise = Block(tokens, depth + 1);
        }
        return new ScriptStatement.If(line, condition, then, otherwise);
    }

    private static ScriptStatement Simple(ScriptTokens tokens, int line, int depth)
    {
        if (tokens.TryWord("pass"))
            return new ScriptStatement.Pass(line);
        if (tokens.TryWord("return"))
            return new ScriptStatement.Return(line, tokens.Kind == ScriptTokenKind.Newline ? null : ScriptExpressions.Sequence(tokens, depth));
        if (tokens.TryWord("raise"))
            return new ScriptStatement.Raise(line, tokens.Kind == ScriptTokenKind.Newline ? null : ScriptExpressions.Expression(tokens, depth));
        var value = ScriptExpressions.Sequence(tokens, depth);
        string? type = null;
        if (tokens.TrySymbol(":"))
            type = ScriptExpressions.Expression(tokens, depth).TypeText();
        if (!tokens.TrySymbol("="))
            return new ScriptStatement.Evaluate(line, value);
        bool unpacks = value is ScriptExpression.TupleOf;
        IReadOnlyList<ScriptExpression> targets = value is ScriptExpression.TupleOf tuple ? tuple.Items : [value];
        return new ScriptStatement.Assign(line, targets, unpacks, ScriptExpressions.Sequence(tokens, depth), type);
    }
}
