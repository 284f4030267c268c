using ExecuSharp.Core;

namespace ExecuSharp.Formats.TorchScript;

/// <summary>Parses a file of the <c>code/</c> folder: classes and functions in the subset of Python that TorchScript writes.</summary>
public static class ScriptParser
{
    /// <summary>Parses one file.</summary>
    /// <param name="text">The source.</param>
    /// <param name="path">Its name, for errors.</param>
    /// <exception cref="ModelFormatException">The text is not in the language.</exception>
    public static ScriptUnit Parse(string text, string path)
    {
        var tokens = new ScriptTokens(ScriptLexer.Read(text, path), path);
        var classes = new Dictionary<string, ScriptClass>(StringComparer.Ordinal);
        var functions = new Dictionary<string, ScriptFunction>(StringComparer.Ordinal);
        while (tokens.Kind != ScriptTokenKind.End)
        {
            if (tokens.TryWord("class"))
            {
                var parsed = Class(tokens);
                classes[parsed.Name] = parsed;
            }
            else if (tokens.TryWord("def"))
            {
                var parsed = Function(tokens);
                functions[parsed.Name] = parsed;
            }
            else
                ScriptStatements.Statement(tokens, 0);
        }
        return new ScriptUnit(path, classes, functions);
    }

    private static ScriptClass Class(ScriptTokens tokens)
    {
        string name = tokens.Identifier();
        string parent = "";
        if (tokens.TrySymbol("("))
        {
            if (tokens.Text != ")")
                parent = ScriptExpressions.Expression(tokens, 0).TypeText();
            tokens.Symbol(")");
        }
        tokens.Symbol(":");
        tokens.Newline();
        var fields = new List<KeyValuePair<string, string>>();
        var constants = new Dictionary<string, ScriptExpression>(StringComparer.Ordinal);
        var methods = new Dictionary<string, ScriptFunction>(StringComparer.Ordinal);
        if (tokens.Kind != ScriptTokenKind.Indent)
            return new ScriptClass(name, parent, fields, constants, methods);
        tokens.Next();
        while (tokens.Kind is not (ScriptTokenKind.Dedent or ScriptTokenKind.End))
        {
            if (tokens.TryWord("def"))
            {
                var method = Function(tokens);
                methods[method.Name] = method;
            }
            else if (tokens.TryWord("pass"))
                tokens.Newline();
            else
                Field(tokens, fields, constants);
        }
        tokens.EndBlock();
        return new ScriptClass(name, parent, fields, constants, methods);
    }

    private static void Field(ScriptTokens tokens, List<KeyValuePair<string, string>> fields, Dictionary<string, ScriptExpression> constants)
    {
        string name = tokens.Kind == ScriptTokenKind.Text ? tokens.Take().Text : tokens.Identifier();
        string type = "";
        // __annotations__["0"] = type: an attribute whose name is no identifier
        if (name == "__annotations__" && tokens.TrySymbol("["))
        {
            name = tokens.Take().Text;
            tokens.Symbol("]");
            tokens.Symbol("=");
            fields.Add(new(name, ScriptExpressions.Expression(tokens, 0).TypeText()));
            tokens.Newline();
            return;
        }
        if (tokens.TrySymbol(":"))
            type = ScriptExpressions.Expression(tokens, 0).TypeText();
        if (tokens.TrySymbol("="))
            constants[name] = ScriptExpressions.Sequence(tokens, 0);
        else
            fields.Add(new(name, type));
        if (tokens.Kind == ScriptTokenKind.Newline)
            tokens.Newline();
        else
            throw tokens.Error("an attribute of a class");
    }

    private static ScriptFunction Function(ScriptTokens tokens)
    {
        string name = tokens.Identifier();
        var parameters = new List<ScriptParameter>();
        tokens.Symbol("(");
        while (tokens.Text != ")" || tokens.Kind != ScriptTokenKind.Symbol)
        {
            if (tokens.TrySymbol("*"))
            {
                tokens.TrySymbol(",");
                continue;
            }
            string parameter = tokens.Identifier();
            string type = tokens.TrySymbol(":") ? ScriptExpressions.Expression(tokens, 0).TypeText() : "";
            parameters.Add(new ScriptParameter(parameter, type, tokens.TrySymbol("=") ? ScriptExpressions.Expression(tokens, 0) : null));
            if (!tokens.TrySymbol(","))
                break;
        }
        tokens.Symbol(")");
        if (tokens.TrySymbol("->"))
            ScriptExpressions.Expression(tokens, 0);
        tokens.Symbol(":");
        return new ScriptFunction(name, parameters, ScriptStatements.Block(tokens, 0));
    }
}
