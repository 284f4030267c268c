using static ExecuSharp.Vision.Text.Repair.CharacterClass;

namespace ExecuSharp.Vision.Text.Repair;

/// <summary>
/// Tells whether text holds a sequence of characters that people hardly write but wrongly decoded UTF-8 is full of. The judgement of which neighbours are
/// improbable follows the published heuristic of ftfy 6.
/// </summary>
internal static class MojibakeDetector
{
    private const CharacterClass Letters = Lower | Upper;
    private const CharacterClass Signs = Opening | Closing | Currency | Numeric | Law;

    // A character of the first class followed by one of the second.
    private static readonly (CharacterClass First, CharacterClass Second)[] Pairs =
    [
        (Rare | Letters | Box | Signs, Rare),
        (Rare, Letters | Box | Signs),
        (Lower | PlainLower | Box | Closing | Currency | Numeric, Upper),
        (Box | Closing | Currency | Numeric, Lower),
        (Lower | Box | Closing, Currency),
        (Upper | Box, Numeric | Law),
        (Currency | Numeric | Box, Opening),
        (Box, Face | Closing),
        (Letters | Currency | Numeric | Opening | Closing | Law, Box),
    ];

    // Characters of the first set followed by one of the second: frequent first and second bytes in one code page.
    private static readonly (string First, string Second)[] KnownPairs =
    [
        ("ÂÃÎÐ", "€œŠš¢£Ÿž\u00A0\u00AD®©°·»–—´"),
        ("×", "²³"),
        ("à", "²µ¹¼½¾"),
        ("√", "±∂†≠®™´≤≥¥µø"),
        ("≈", "°¢"),
        ("в", "Ђ"),
        ("Ã", "\u00A0¡"),
        ("ā", "€"),
    ];

    // The same for three characters in a row.
    private static readonly (string First, string Second, string Third)[] KnownTriples =
    [
        ("‚", "Ä", "ìîïòôúùû†°¢π"),
        ("‚", "âó", "àä°ê"),
        ("β", "€", "™\u00A0Ά\u00AD®°"),
    ];

    public static bool IsSuspicious(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            var here = CharacterClasses.Of(text[i]);
            if ((here & Control) != 0 || PairAt(text, i, here) || TripleAt(text, i, here) || SpacedAt(text, i) || RunAt(text, i))
                return true;
        }
        return false;
    }

    private static char At(string text, int index) => (uint)index < (uint)text.Length ? text[index] : '\0';

    private static CharacterClass ClassAt(string text, int index) => CharacterClasses.Of(At(text, index));

    private static bool Is(string text, int index, CharacterClass kind) => (ClassAt(text, index) & kind) != 0;

    private static bool PairAt(string text, int i, CharacterClass here)
    {
        if (i + 1 >= text.Length)
            return false;
        char second = text[i + 1];
        var next = CharacterClasses.Of(second);
        foreach (var pair in Pairs)
        {
            if ((here & pair.First) != 0 && (next & pair.Second) != 0)
                return true;
        }
        foreach (var pair in KnownPairs)
        {
            if (pair.First.Contains(text[i]) && pair.Second.Contains(second))
                return true;
        }
        return ("ÂÃÎÐ".Contains(text[i]) && (next & (Opening | Closing)) != 0)
            || ((here & Upper) != 0 && second == '°')
            || (text[i] is 'Œ' or 'œ' && !char.IsAsciiLetter(second));
    }

    private static bool TripleAt(string text, int i, CharacterClass here)
    {
        if (i + 2 >= text.Length)
            return false;
        char first = text[i];
        CharacterClass second = ClassAt(text, i + 1), third = ClassAt(text, i + 2);
        foreach (var triple in KnownTriples)
        {
            if (triple.First.Contains(first) && triple.Second.Contains(text[i + 1]) && triple.Third.Contains(text[i + 2]))
                return true;
        }
        return (char.IsAsciiLetter(first) && (second & (PlainLower | PlainUpper)) != 0 && (third & Rare) != 0)
            || (char.IsWhiteSpace(first) && (second & Upper) != 0 && (third & Currency) != 0)
            || ((here & (Letters | Box | Currency | Closing)) != 0 && (second & Opening) != 0 && (third & Numeric) != 0)
            || ((here & (Letters | Currency | Numeric | Box | Law)) != 0 && (second & Closing) != 0 && (third & Opening) != 0)
            || (char.IsAsciiLetterLower(first) && (second & Upper) != 0 && (third & (Opening | Currency)) != 0)
            || ((here & Letters) != 0 && (second & (Opening | Closing)) != 0 && (char.IsLetterOrDigit(text[i + 2]) || text[i + 2] == '_'));
    }

    // A lone capital A with circumflex or tilde before a space that was U+00A0.
    private static bool SpacedAt(string text, int i)
    {
        if (text[i] is not ('Ã' or 'Â'))
            return false;
        char before = At(text, i - 1), after = At(text, i + 1);
        if (after == ' ' && (i == 0 || char.IsAsciiLetterLower(before) || (char.IsWhiteSpace(before) && char.IsAsciiLetterLower(At(text, i - 2)))))
            return true;
        return text[i] == 'Â' && i > 0 && (char.IsAsciiLetterLower(before) || ".,?!".Contains(before) || Is(text, i - 1, Closing))
            && (after == ' ' || Is(text, i + 1, Opening | Closing));
    }

    // Longer patterns of Arabic in Windows-1252 and of Cyrillic and Greek in their own code pages.
    private static bool RunAt(string text, int i)
    {
        if (i + 2 >= text.Length)
            return false;
        if ("ØÙ".Contains(text[i]) && "ØÙ".Contains(text[i + 2]) && IsArabicSecond(text, i + 1) && IsArabicSecond(text, i + 3))
            return true;
        const CharacterClass between = Control | Rare | Opening | Closing | Currency;
        bool cyrillic = "ВГРС".Contains(text[i]) && "ВГРС".Contains(text[i + 2]) && (Is(text, i + 1, between) || "°µ".Contains(text[i + 1]));
        bool greek = "ΒΓΞΟ".Contains(text[i]) && "ΒΓΞΟ".Contains(text[i + 2]) && (Is(text, i + 1, between) || text[i + 1] == '°');
        return cyrillic || greek
            || (string.CompareOrdinal(text, i, "ГўВЂВ", 0, 5) == 0 && i + 6 < text.Length && (char.IsAsciiLetter(text[i + 6]) || text[i + 6] == ' '));
    }

    private static bool IsArabicSecond(string text, int index) =>
        Is(text, index, Common | Currency | Rare | Numeric | Opening) || "ŸŠ®°µ»".Contains(At(text, index));
}
