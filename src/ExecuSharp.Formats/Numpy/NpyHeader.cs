using System.Globalization;
using ExecuSharp.Core;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.Numpy;

/// <summary>The header: a Python dictionary of descr, fortran_order and shape.</summary>
internal sealed class NpyHeader
{
    private readonly string text;
    private int at;

    private NpyHeader(string text) => this.text = text;

    public ScalarType Type { get; private set; }

    public bool BigEndian { get; private set; }

    public bool FortranOrder { get; private set; }

    public long[] Shape { get; private set; } = [];

    public static NpyHeader Parse(string text)
    {
        var header = new NpyHeader(text);
        header.Read();
        return header;
    }

    public static long[] FortranStrides(long[] shape)
    {
        long[] reversed = StridedCopy.RowMajor([.. shape.Reverse()]);
        Array.Reverse(reversed);
        return reversed;
    }

    private void Read()
    {
        string? type = null;
        bool? fortran = null;
        long[]? shape = null;
        Expect('{');
        while (Peek() != '}')
        {
            string key = Quoted();
            Expect(':');
            switch (key)
            {
                case "descr": type = Quoted(); break;
                case "fortran_order": fortran = Bool(); break;
                case "shape": shape = Tuple(); break;
                default: throw Wrong("descr, fortran_order or shape", key);
            }
            if (Peek() == ',')
                at++;
        }
        if (type is null || fortran is null || shape is null)
            throw Wrong("descr, fortran_order and shape", text);
        if (NumpyTypes.ParseDescription(type) is not { } parsed)
            throw Wrong("an element type of numbers", type);
        (Type, BigEndian, FortranOrder, Shape) = (parsed.Type, parsed.BigEndian, fortran.Value, shape);
    }

    private char Peek()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at < text.Length ? text[at] : throw Wrong("a complete dictionary", text);
    }

    private void Expect(char c)
    {
        if (Peek() != c)
            throw Wrong($"'{c}'", $"'{text[at]}'");
        at++;
    }

    private string Quoted()
    {
        char quote = Peek();
        if (quote is not ('\'' or '"'))
            throw Wrong("quoted text (structured arrays are not read)", $"'{quote}'");
        int end = text.IndexOf(quote, at + 1);
        if (end < 0)
            throw Wrong("a closing quote", text);
        string value = text[(at + 1)..end];
        at = end + 1;
        return value;
    }

    private bool Bool()
    {
        Peek();
        foreach (string word in (string[])["True", "False"])
            if (string.CompareOrdinal(text, at, word, 0, word.Length) == 0)
            {
                at += word.Length;
                return word == "True";
            }
        throw Wrong("True or False", text);
    }

    private long[] Tuple()
    {
        var sizes = new List<long>();
        Expect('(');
        while (Peek() != ')')
        {
            int start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            if (!long.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out long size))
                throw Wrong("a size", text[start..]);
            sizes.Add(size);
            if (at < text.Length && text[at] == 'L')
                at++;
            if (Peek() == ',')
                at++;
            else if (Peek() != ')')
                throw Wrong("',' or ')'", text[at..]);
        }
        at++;
        return [.. sizes];
    }

    private static ModelFormatException Wrong(string expected, string found) =>
        new("the .npy header", expected, found.Length <= 80 ? found : found[..80] + "…");
}
