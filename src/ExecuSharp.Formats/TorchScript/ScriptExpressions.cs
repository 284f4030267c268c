using System.Globalization;

namespace ExecuSharp.Formats.TorchScript;

/// <summary>Parses expressions.</summary>
internal static class ScriptExpressions
{
    /// <summary>One expression, or a tuple without brackets.</summary>
    public static ScriptExpression Sequence(ScriptTokens tokens, int depth)
    {
        var first = Expression(tokens, depth);
        if (!tokens.IsSymbol(","))
            return first;
        var items = new List<ScriptExpression> { first };
        while (tokens.TrySymbol(",") && tokens.Kind != ScriptTokenKind.Newline && !tokens.IsSymbol("="))
            items.Add(Expression(tokens, depth));
        return new ScriptExpression.TupleOf(items);
    }

    public static ScriptExpression Expression(ScriptTokens tokens, int depth)
    {
        tokens.CheckDepth(depth);
        if (tokens.TrySymbol("-"))
            return Expression(tokens, depth + 1) switch
            {
                ScriptExpression.Literal { Value: long i } => new ScriptExpression.Literal(unchecked(-i)),
                ScriptExpression.Literal { Value: double d } => new ScriptExpression.Literal(-d),
                var other => new ScriptExpression.Negate(other),
            };
        var value = Primary(tokens, depth);
        while (true)
        {
            if (tokens.TrySymbol("."))
                value = new ScriptExpression.Attribute(value, tokens.Identifier());
            else if (tokens.TrySymbol("("))
                value = Arguments(tokens, value, depth + 1);
            else if (tokens.TrySymbol("["))
            {
                var index = Items(tokens, "]", depth + 1, out bool isTuple);
                value = new ScriptExpression.Subscript(value, isTuple || index.Count != 1 ? new ScriptExpression.TupleOf(index) : index[0]);
            }
            else
                return value;
        }
    }

    private static ScriptExpression Primary(ScriptTokens tokens, int depth)
    {
        switch (tokens.Kind)
        {
            case ScriptTokenKind.Name:
                return tokens.Take().Text switch
                {
                    "None" => new ScriptExpression.Literal(null),
                    "True" => new ScriptExpression.Literal(true),
                    "False" => new ScriptExpression.Literal(false),
                    "inf" => new ScriptExpression.Literal(double.PositiveInfinity),
                    "nan" => new ScriptExpression.Literal(double.NaN),
                    var name => new ScriptExpression.Name(name),
                };
            case ScriptTokenKind.Number:
                return new ScriptExpression.Literal(Number(tokens));
            case ScriptTokenKind.Text:
                string text = tokens.Take().Text;
                while (tokens.Kind == ScriptTokenKind.Text)
                    text += tokens.Take().Text;
                return new ScriptExpression.Literal(text);
        }
        if (tokens.TrySymbol("("))
        {
            var items = Items(tokens, ")", depth + 1, out bool isTuple);
            return isTuple || items.Count != 1 ? new ScriptExpression.TupleOf(items) : items[0];
        }
        if (tokens.TrySymbol("["))
            return new ScriptExpression.ListOf(Items(tokens, "]", depth + 1, out _));
        if (tokens.TrySymbol("{"))
            return Dictionary(tokens, depth + 1);
        throw tokens.Error("an expression");
    }

    private static object Number(ScriptTokens tokens)
    {
        string text = tokens.Text;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long integer))
        {
            tokens.Next();
            return integer;
        }
        // -9223372036854775808 is written as the negative of a number that is one too large
        if (text == "9223372036854775808")
        {
            tokens.Next();
            return long.MinValue;
        }
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number))
            throw tokens.Error("a number");
        tokens.Next();
        return number;
    }

    private static List<ScriptExpression> Items(ScriptTokens tokens, string end, int depth, out bool trailingComma)
    {
        var items = new List<ScriptExpression>();
        trailingComma = false;
        while (!tokens.TrySymbol(end))
        {
            items.Add(Expression(tokens, depth));
            trailingComma = tokens.TrySymbol(",");
            if (!trailingComma && !tokens.IsSymbol(end))
                throw tokens.Error($"',' or '{end}'");
        }
        return items;
    }

    private static ScriptExpression.DictOf Dictionary(ScriptTokens tokens, int depth)
    {
        var items = new List<KeyValuePair<ScriptExpression, ScriptExpression>>();
        while (!tokens.TrySymbol("}"))
        {
            var key = Expression(tokens, depth);
            tokens.Symbol(":");
            items.Add(new(key, Expression(tokens, depth)));
            if (!tokens.TrySymbol(",") && !tokens.IsSymbol("}"))
                throw tokens.Error("',' or '}'");
        }
        return new ScriptExpression.DictOf(items);
    }

    private static ScriptExpression.Call Arguments(ScriptTokens tokens, ScriptExpression callee, int depth)
    {
        var arguments = new List<ScriptExpression>();
        var keywords = new List<KeyValuePair<string, ScriptExpression>>();
        while (!tokens.TrySymbol(")"))
        {
            var argument = Expression(tokens, depth);
            if (argument is ScriptExpression.Name name && tokens.TrySymbol("="))
                keywords.Add(new(name.Text, Expression(tokens, depth)));
            else
                arguments.Add(argument);
            if (!tokens.TrySymbol(",") && !tokens.IsSymbol(")"))
                throw tokens.Error("',' or ')'");
        }
        return new ScriptExpression.Call(callee, arguments, keywords);
    }
}
