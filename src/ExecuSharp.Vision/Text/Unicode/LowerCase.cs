using System.Globalization;
using System.Text;

namespace ExecuSharp.Vision.Text.Unicode;

/// <summary>Full lower-case mapping (Unicode 3.13, as Python's str.lower): simple mappings, U+0130 to two characters, and the final sigma.</summary>
internal static class LowerCase
{
    public static string Convert(string text)
    {
        var result = new StringBuilder(text.Length);
        int at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0x130)
                result.Append("i\u0307");
            else if (rune.Value == 0x3A3)
                result.Append(IsFinal(text, at) ? '\u03C2' : '\u03C3');
            else
                result.Append(Rune.ToLowerInvariant(rune).ToString());
            at += rune.Utf16SequenceLength;
        }
        return result.ToString();
    }

    // A cased letter before and none after, not counting what case ignores.
    private static bool IsFinal(string text, int at)
    {
        for (int i = at; ;)
        {
            if (i == 0 || Rune.DecodeLastFromUtf16(text.AsSpan(0, i), out var before, out int length) != System.Buffers.OperationStatus.Done)
                return false;
            i -= length;
            if (IsIgnorable(before))
                continue;
            if (!IsCased(before))
                return false;
            break;
        }
        for (int i = at + 1; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var after, out int length) != System.Buffers.OperationStatus.Done)
                return true;
            i += length;
            if (!IsIgnorable(after))
                return !IsCased(after);
        }
        return true;
    }

    private static bool IsCased(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || rune.Value is (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9) or 0xAA or 0xBA;

    private static bool IsIgnorable(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || rune.Value is '\'' or '.' or ':' or 0xB7 or 0x387 or 0x55F or 0x5F4 or 0x2018 or 0x2019 or 0x2024 or 0x2027
            or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E or 0xFF1A;
}
