using ExecuSharp.Core;

namespace ExecuSharp.Formats.TorchScript;

/// <summary>A position in the words of a file.</summary>
internal sealed class ScriptTokens(List<ScriptToken> tokens, string path)
{
    public const int MaxDepth = 400;

    private int at;

    public ScriptTokenKind Kind => tokens[at].Kind;

    public string Text => tokens[at].Text;

    public int Line => tokens[at].Line;

    public void Next()
    {
        if (at < tokens.Count - 1)
            at++;
    }

    public ScriptToken Take()
    {
        var token = tokens[at];
        Next();
        return token;
    }

    public bool IsSymbol(string symbol) => Kind == ScriptTokenKind.Symbol && Text == symbol;

    public bool TrySymbol(string symbol)
    {
        if (!IsSymbol(symbol))
            return false;
        Next();
        return true;
    }

    public bool TryWord(string word)
    {
        if (Kind != ScriptTokenKind.Name || Text != word)
            return false;
        Next();
        return true;
    }

    public void Symbol(string symbol)
    {
        if (!TrySymbol(symbol))
            throw Error($"'{symbol}'");
    }

    public string Identifier() => Kind == ScriptTokenKind.Name ? Take().Text : throw Error("a name");

    public void Newline()
    {
        if (Kind == ScriptTokenKind.Newline)
            Next();
        else if (Kind != ScriptTokenKind.End)
            throw Error("the end of the line");
    }

    public void EndBlock()
    {
        if (Kind == ScriptTokenKind.Dedent)
            Next();
    }

    public void CheckDepth(int depth)
    {
        if (depth > MaxDepth)
            throw Error($"nesting of at most {MaxDepth}");
    }

    public ModelFormatException Error(string expected) => new($"{path} line {Line}", expected, Kind switch
    {
        ScriptTokenKind.Newline => "the end of the line",
        ScriptTokenKind.Indent or ScriptTokenKind.Dedent => "another indentation",
        ScriptTokenKind.End => "the end of the file",
        _ => $"'{Text}'",
    });
}
