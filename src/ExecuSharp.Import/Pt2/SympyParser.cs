using System.Globalization;
using ExecuSharp.Core;

namespace ExecuSharp.Import.Pt2;

/// <summary>
/// Reads the texts of symbolic sizes: <c>Mul(Integer(2), Symbol('s0', positive=True, integer=True))</c> of newer files and <c>2*s0 + 1</c> of older ones.
/// </summary>
internal sealed class SympyParser
{
    private const int MaxDepth = 256;

    private readonly string text;
    private readonly Func<string, SymExpr> symbol;
    private int position;
    private int depth;

    private SympyParser(string text, Func<string, SymExpr> symbol) => (this.text, this.symbol) = (text, symbol);

    /// <summary>Parses an expression.</summary>
    /// <param name="text">The text.</param>
    /// <param name="symbol">The symbol of a name.</param>
    /// <exception cref="ModelFormatException">The text is no integer expression of known functions.</exception>
    public static SymExpr Parse(string text, Func<string, SymExpr> symbol)
    {
        var parser = new SympyParser(text, symbol);
        var result = parser.Sum();
        parser.Skip();
        return parser.position == text.Length ? result : throw parser.Wrong("the end");
    }

    private SymExpr Sum()
    {
        if (++depth > MaxDepth)
            throw Wrong($"at most {MaxDepth} levels");
        var left = Product();
        while (true)
        {
            if (Take("+"))
                left = Combine(SymOperation.Add, left, Product());
            else if (Take("-"))
                left = Combine(SymOperation.Subtract, left, Product());
            else
                break;
        }
        depth--;
        return left;
    }

    private SymExpr Product()
    {
        var left = Power();
        while (true)
        {
            if (Take("//") || Take("/"))
                left = Combine(SymOperation.FloorDivide, left, Power());
            else if (!Ahead("**") && Take("*"))
                left = Combine(SymOperation.Multiply, left, Power());
            else if (Take("%"))
                left = Combine(SymOperation.Modulo, left, Power());
            else
                return left;
        }
    }

    private SymExpr Power()
    {
        if (Take("-"))
            return Combine(SymOperation.Subtract, new SymExpr.Constant(0), Power());
        var value = Atom();
        return Take("**") ? Raise(value, Power()) : value;
    }

    private SymExpr Atom()
    {
        if (Take("("))
        {
            var inner = Sum();
            Expect(")");
            return inner;
        }
        Skip();
        int start = position;
        while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '_'))
            position++;
        string word = text[start..position];
        if (word.Length == 0)
            throw Wrong("a number, a name or '('");
        if (char.IsAsciiDigit(word[0]))
            return new SymExpr.Constant(Number(word));
        return Take("(") ? Function(word) : symbol(word);
    }

    private SymExpr Function(string name)
    {
        if (name is "Symbol")
            return NamedSymbol();
        var args = new List<SymExpr>();
        while (!Take(")"))
        {
            if (args.Count > 0)
                Expect(",");
            if (!SkipKeyword())
                args.Add(Sum());
        }
        return name switch
        {
            "Integer" or "ToFloat" or "floor" or "ceiling" or "IntTrueDiv" or "TruncToInt" or "Identity" when args.Count == 1 => args[0],
            "Add" => Fold(SymOperation.Add, args),
            "Mul" => Fold(SymOperation.Multiply, args),
            "Max" => Fold(SymOperation.Max, args),
            "Min" => Fold(SymOperation.Min, args),
            "FloorDiv" or "CleanDiv" or "IntTrueDiv" or "TruncDiv" or "Rational" when args.Count == 2 => Combine(SymOperation.FloorDivide, args[0], args[1]),
            "CeilDiv" when args.Count == 2 => Combine(SymOperation.FloorDivide, Combine(SymOperation.Add, args[0], Combine(SymOperation.Subtract, args[1], new SymExpr.Constant(1))), args[1]),
            "Mod" or "PythonMod" when args.Count == 2 => Combine(SymOperation.Modulo, args[0], args[1]),
            "Pow" or "PowByNatural" when args.Count == 2 => Raise(args[0], args[1]),
            _ => throw Wrong($"a known function, not {name} of {args.Count}"),
        };
    }

    private SymExpr NamedSymbol()
    {
        Skip();
        char quote = position < text.Length ? text[position] : ' ';
        int end = quote is '\'' or '"' ? text.IndexOf(quote, position + 1) : -1;
        if (end < 0)
            throw Wrong("a quoted name");
        string name = text[(position + 1)..end];
        position = end + 1;
        while (!Take(")"))
        {
            Expect(",");
            if (!SkipKeyword())
                throw Wrong("name=value");
        }
        return symbol(name);
    }

    private bool SkipKeyword()
    {
        Skip();
        int end = position;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            end++;
        if (end == position || end >= text.Length || text[end] != '=')
            return false;
        position = end + 1;
        while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '_'))
            position++;
        return true;
    }

    private SymExpr Raise(SymExpr value, SymExpr exponent)
    {
        if (exponent is not SymExpr.Constant { Value: >= 0 and <= 16 } power)
            throw Wrong("a small constant power");
        SymExpr result = new SymExpr.Constant(1);
        for (long i = 0; i < power.Value; i++)
            result = Combine(SymOperation.Multiply, result, value);
        return result;
    }

    private SymExpr Fold(SymOperation operation, List<SymExpr> args)
    {
        if (args.Count == 0)
            throw Wrong("arguments");
        var result = args[0];
        foreach (var next in args.Skip(1))
            result = Combine(operation, result, next);
        return result;
    }

    private static SymExpr Combine(SymOperation operation, SymExpr left, SymExpr right)
    {
        // Dim carries the simplifications, so that equal sizes have equal expressions.
        Dim a = new(left), b = new(right);
        return (operation switch
        {
            SymOperation.Add => a + b,
            SymOperation.Subtract => a - b,
            SymOperation.Multiply => a * b,
            SymOperation.FloorDivide => a / b,
            SymOperation.Modulo => a % b,
            SymOperation.Min => Dim.Min(a, b),
            _ => Dim.Max(a, b),
        }).ToExpression();
    }

    private long Number(string word) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw Wrong("an integer");

    private void Expect(string token)
    {
        if (!Take(token))
            throw Wrong($"'{token}'");
    }

    private bool Take(string token)
    {
        if (!Ahead(token))
            return false;
        position += token.Length;
        return true;
    }

    private bool Ahead(string token)
    {
        Skip();
        return string.CompareOrdinal(text, position, token, 0, token.Length) == 0;
    }

    private void Skip()
    {
        while (position < text.Length && text[position] == ' ')
            position++;
    }

    private ModelFormatException Wrong(string expected) => new($"character {position} of the size '{text}'", expected, position < text.Length ? text[position..] : "the end");
}
