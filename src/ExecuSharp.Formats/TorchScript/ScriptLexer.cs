using System.Text;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.TorchScript;

/// <summary>Cuts source text into words; blocks by indentation.</summary>
internal sealed class ScriptLexer(string text, string path)
{
    private const int MaxIndent = 400;

    private readonly List<ScriptToken> tokens = [];
    private readonly Stack<int> indents = new([0]);
    private int at;
    private int line = 1;
    private int brackets;

    public static List<ScriptToken> Read(string text, string path) => new ScriptLexer(text, path).Run();

    private List<ScriptToken> Run()
    {
        bool lineStart = true;
        while (at < text.Length)
        {
            if (lineStart && brackets == 0 && !Indentation())
                continue;
            lineStart = false;
            char c = text[at];
            if (c == '\n')
            {
                EndLine();
                lineStart = true;
            }
            else if (c is ' ' or '\t' or '\r')
                at++;
            else if (c == '#')
                SkipComment();
            else if (char.IsAsciiLetter(c) || c == '_')
                Word();
            else if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
                Number();
            else if (c is '"' or '\'')
                Text(c);
            else
                Symbol(c);
        }
        if (tokens.Count > 0 && tokens[^1].Kind != ScriptTokenKind.Newline)
            Add(ScriptTokenKind.Newline, "");
        for (; indents.Count > 1; indents.Pop())
            Add(ScriptTokenKind.Dedent, "");
        Add(ScriptTokenKind.End, "");
        return tokens;
    }

    private void Add(ScriptTokenKind kind, string value) => tokens.Add(new ScriptToken(kind, value, line));

    /// <summary>Reads the spaces before a line; false if the line is empty.</summary>
    private bool Indentation()
    {
        int width = 0;
        while (at + width < text.Length && text[at + width] == ' ')
            width++;
        int next = at + width;
        if (next >= text.Length || text[next] is '\n' or '\r' or '#')
        {
            at = next;
            while (at < text.Length && text[at] != '\n')
                at++;
            if (at < text.Length)
                at++;
            line++;
            return false;
        }
        at = next;
        if (width > indents.Peek())
        {
            indents.Push(width);
            if (indents.Count > MaxIndent)
                throw Error($"at most {MaxIndent} nested blocks", "more");
            Add(ScriptTokenKind.Indent, "");
        }
        while (width < indents.Peek())
        {
            indents.Pop();
            Add(ScriptTokenKind.Dedent, "");
        }
        return width == indents.Peek() ? true : throw Error("a line at the level of a block before it", $"{width} spaces");
    }

    private void EndLine()
    {
        if (brackets == 0 && tokens.Count > 0 && tokens[^1].Kind is not (ScriptTokenKind.Newline or ScriptTokenKind.Indent or ScriptTokenKind.Dedent))
            Add(ScriptTokenKind.Newline, "");
        at++;
        line++;
    }

    private void SkipComment()
    {
        while (at < text.Length && text[at] != '\n')
            at++;
    }

    private void Word()
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        Add(ScriptTokenKind.Name, text[start..at]);
    }

    private void Number()
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '.' || (text[at] is '+' or '-' && text[at - 1] is 'e' or 'E')))
            at++;
        Add(ScriptTokenKind.Number, text[start..at]);
    }

    private void Text(char quote)
    {
        var content = new StringBuilder();
        for (at++; ; at++)
        {
            if (at >= text.Length || text[at] == '\n')
                throw Error("the end of a string", "the end of the line");
            if (text[at] == quote)
                break;
            if (text[at] == '\\' && at + 1 < text.Length)
                Escape(content);
            else
                content.Append(text[at]);
        }
        at++;
        Add(ScriptTokenKind.Text, content.ToString());
    }

    private void Escape(StringBuilder content)
    {
        char c = text[++at];
        if (c is >= '0' and <= '7')
        {
            int code = 0, digits = 0;
            while (digits < 3 && at < text.Length && text[at] is >= '0' and <= '7')
            {
                code = (code * 8) + text[at++] - '0';
                digits++;
            }
            at--;
            content.Append((char)(code & 255));
            return;
        }
        content.Append(c switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'v' => '\v',
            _ => c,
        });
    }

    private void Symbol(char c)
    {
        if (c is '(' or '[' or '{')
            brackets++;
        else if (c is ')' or ']' or '}')
            brackets--;
        else if (c == '-' && at + 1 < text.Length && text[at + 1] == '>')
        {
            at += 2;
            Add(ScriptTokenKind.Symbol, "->");
            return;
        }
        else if (c is not ('=' or ',' or ':' or '.' or '-' or '*' or '@'))
            throw Error("source text of TorchScript", $"'{c}'");
        if (brackets < 0)
            throw Error("an opening bracket", $"'{c}'");
        at++;
        Add(ScriptTokenKind.Symbol, c.ToString());
    }

    private ModelFormatException Error(string expected, string found) => new($"{path} line {line}", expected, found);
}
