using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ExecuSharp.Vision.Text.Html;

/// <summary>Resolves character references as the HTML standard asks of a browser, and Python's <c>html.unescape</c> does.</summary>
internal static class HtmlReferences
{
    private const int MaxName = 32;

    // Windows-1252 meanings of the numbers 80 to 9F (HTML standard, numeric character reference end state).
    private const string Numbers80To9F =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F" +
        "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    private static readonly FrozenDictionary<string, (string Text, bool BareAllowed)> Named = ReadNames();

    public static string Unescape(string text)
    {
        if (!text.Contains('&'))
            return text;
        var result = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            if (text[at] == '&' && Reference(text.AsSpan(at + 1), out string? value) is > 0 and int length)
            {
                result.Append(value);
                at += 1 + length;
            }
            else
            {
                result.Append(text[at++]);
            }
        }
        return result.ToString();
    }

    /// <summary>The meaning of a name that ends with a semicolon, or null.</summary>
    public static string? Meaning(string name) => Named.TryGetValue(name, out var entry) ? entry.Text : null;

    /// <summary>All names without ampersand and semicolon.</summary>
    public static IEnumerable<string> Names => Named.Keys;

    // Characters of the reference after the ampersand, 0 if there is none.
    private static int Reference(ReadOnlySpan<char> text, out string? value)
    {
        value = null;
        if (!text.IsEmpty && text[0] == '#')
            return Number(text, out value);
        int end = 0;
        while (end < text.Length && end < MaxName && text[end] is not ('\t' or '\n' or '\f' or ' ' or '<' or '&' or '#' or ';'))
            end++;
        if (end == 0)
            return 0;
        string name = text[..end].ToString();
        if (end < text.Length && text[end] == ';' && Named.TryGetValue(name, out var exact))
        {
            value = exact.Text;
            return end + 1;
        }
        // The longest start that may stand without a semicolon.
        for (int length = end; length > 1; length--)
        {
            if (Named.TryGetValue(name[..length], out var entry) && entry.BareAllowed)
            {
                value = entry.Text;
                return length;
            }
        }
        return 0;
    }

    private static int Number(ReadOnlySpan<char> text, out string? value)
    {
        value = null;
        bool hex = text.Length > 1 && text[1] is 'x' or 'X';
        int start = hex ? 2 : 1, end = start;
        long number = 0;
        for (; end < text.Length && (hex ? char.IsAsciiHexDigit(text[end]) : char.IsAsciiDigit(text[end])); end++)
            number = Math.Min(number * (hex ? 16 : 10) + int.Parse(text.Slice(end, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), 0x110000);
        if (end == start)
            return 0;
        value = Character((int)number);
        return end < text.Length && text[end] == ';' ? end + 1 : end;
    }

    private static string Character(int number) => number switch
    {
        0 or (>= 0xD800 and <= 0xDFFF) or > 0x10FFFF => "\uFFFD",
        0x0D => "\r",
        >= 0x80 and <= 0x9F => Numbers80To9F[number - 0x80].ToString(),
        (>= 1 and <= 8) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or (>= 0xFDD0 and <= 0xFDEF) => "",
        _ => (number & 0xFFFE) == 0xFFFE ? "" : new Rune(number).ToString(),
    };

    private static FrozenDictionary<string, (string, bool)> ReadNames()
    {
        var names = new Dictionary<string, (string, bool)>(StringComparer.Ordinal);
        foreach (string item in Encoding.ASCII.GetString(HtmlEntityData.Entities).Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = item.IndexOf('=');
            bool bare = item[equals - 1] == '!';
            var text = new StringBuilder();
            foreach (string code in item[(equals + 1)..].Split('+'))
                text.Append(new Rune(int.Parse(code, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString());
            names[item[..(bare ? equals - 1 : equals)]] = (text.ToString(), bare);
        }
        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
