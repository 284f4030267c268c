using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ExecuSharp.Vision.Text.Html;
using ExecuSharp.Vision.Text.Unicode;

namespace ExecuSharp.Vision.Text.Repair;

/// <summary>
/// Repairs text line by line with the steps that ftfy 6 takes by default: HTML references, wrong encodings, ligatures, character width, curly quotes, line
/// breaks, surrogates, terminal escapes, control characters, normalization form C.
/// </summary>
internal static partial class TextRepair
{
    // U+FF5F to U+FFBE, then the blocks of halfwidth Hangul from FFC2, FFCA, FFD2, FFDA, the signs from FFE0 (FFE3 takes two) and FFE8.
    private const string HalfWidth =
        "⦅⦆。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A" +
        "\u1160\u1100\u1101\u11AA\u1102\u11AC\u11AD\u1103\u1104\u1105\u11B0\u11B1\u11B2\u11B3\u11B4\u11B5\u111A\u1106\u1107\u1108\u1121\u1109" +
        "\u110A\u110B\u110C\u110D\u110E\u110F\u1110\u1111\u1112";

    public static string Fix(string text)
    {
        var result = new StringBuilder(text.Length);
        bool unescape = true;
        for (int at = 0; at < text.Length;)
        {
            int end = text.IndexOf('\n', at) + 1;
            if (end == 0)
                end = text.Length;
            string line = text[at..end];
            // Once markup is seen, references are taken as meant.
            unescape &= !line.Contains('<');
            result.Append(FixLine(line, unescape));
            at = end;
        }
        return result.ToString();
    }

    private static string FixLine(string line, bool unescape)
    {
        while (true)
        {
            string before = line;
            if (unescape)
                line = HtmlReference().Replace(line, m => Resolve(m.Value));
            line = EncodingRepair.Fix(line);
            line = EncodingRepair.FixControls(line);
            line = Simplify(line);
            line = line.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace('\u2028', '\n').Replace('\u2029', '\n');
            line = ReplaceLoneSurrogates(line);
            line = TerminalEscape().Replace(line, "");
            line = RemoveControls(line);
            line = CanonicalComposition.Normalize(line);
            if (line == before)
                return line;
        }
    }

    private static string Resolve(string reference)
    {
        string name = reference[1..^1];
        if (name[0] == '#')
        {
            string text = HtmlReferences.Unescape(reference);
            return text.Contains(';') ? reference : text;
        }
        if (HtmlReferences.Meaning(name) is { } meaning)
            return meaning;
        // Names of small letters only are also known in capitals, unless the capitals begin with a reference of their own.
        string small = name.ToLowerInvariant();
        if (name == name.ToUpperInvariant() && HtmlReferences.Meaning(small) is { } lower && HtmlReferences.Unescape(reference) == reference)
            return lower == "ß" ? "SS" : lower.ToUpperInvariant();
        return reference;
    }

    private static string Simplify(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c is 'ʼ' or (>= '‘' and <= '‛'))
                result.Append('\'');
            else if (c is >= '“' and <= '‟')
                result.Append('"');
            else if (Ligature(c) is { } letters)
                result.Append(letters.Replace('ʼ', '\''));
            else if (c >= '\uFF01' || c == '\u3000')
                result.Append(StandardWidth(c));
            else
                result.Append(c);
        }
        return result.ToString();
    }

    private static string? Ligature(char c) => c switch
    {
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'ŉ' => "ʼn",
        'Ǆ' => "DŽ",
        'ǅ' => "Dž",
        'ǆ' => "dž",
        'Ǉ' => "LJ",
        'ǈ' => "Lj",
        'ǉ' => "lj",
        'Ǌ' => "NJ",
        'ǋ' => "Nj",
        'ǌ' => "nj",
        'Ǳ' => "DZ",
        'ǲ' => "Dz",
        'ǳ' => "dz",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' => "ſt",
        'ﬆ' => "st",
        _ => null,
    };

    private static string StandardWidth(char c) => c switch
    {
        '\u3000' => " ",
        <= '\uFF5E' => ((char)(c - 0xFF01 + '!')).ToString(),
        <= '\uFFBE' => HalfWidth[c - 0xFF5F].ToString(),
        (>= '\uFFC2' and <= '\uFFC7') or (>= '\uFFCA' and <= '\uFFCF') or (>= '\uFFD2' and <= '\uFFD7') or (>= '\uFFDA' and <= '\uFFDC') =>
            ((char)(0x1161 + (c - 0xFFC2) / 8 * 6 + (c - 0xFFC2) % 8)).ToString(),
        '\uFFE3' => " \u0304",
        >= '\uFFE0' and <= '\uFFE6' => "¢£¬ ¦¥₩"[c - 0xFFE0].ToString(),
        >= '\uFFE8' and <= '\uFFEE' => "│←↑→↓■○"[c - 0xFFE8].ToString(),
        _ => c.ToString(),
    };

    private static string ReplaceLoneSurrogates(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            result.Append(rune.ToString());
        return result.ToString();
    }

    private static string RemoveControls(string text)
    {
        static bool Unwanted(char c) => c is <= '\x08' or '\x0B' or (>= '\x0E' and <= '\x1F') or '\x7F'
            or (>= '\u206A' and <= '\u206F') or '\uFEFF' or (>= '\uFFF9' and <= '\uFFFC');
        foreach (char c in text)
        {
            if (Unwanted(c))
                return string.Concat(text.Where(x => !Unwanted(x)));
        }
        return text;
    }

    [GeneratedRegex("&#?[0-9A-Za-z]{1,24};")]
    private static partial Regex HtmlReference();

    [GeneratedRegex("\x1b\\[[\\d;]*[a-zA-Z]")]
    private static partial Regex TerminalEscape();
}
