using System.Globalization;
using System.Text;

namespace ExecuSharp.Vision.Text;

/// <summary>Splits cleaned text: the special words, English contractions, runs of letters, single digits, runs of anything else but white space.</summary>
internal static class TextSplitter
{
    public const string StartOfText = "<start_of_text>";
    public const string EndOfText = "<end_of_text>";

    // In the order of the pattern's alternatives. U+017F folds to s.
    private static ReadOnlySpan<string> Fixed => new[] { StartOfText, EndOfText, "'s", "'\u017F", "'t", "'re", "'ve", "'m", "'ll", "'d" };

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>The next piece from <paramref name="at"/>, or null at the end.</summary>
    public static string? Next(string text, ref int at)
    {
        while (at < text.Length && KindAt(text, at, out int skip) == Kind.Space)
            at += skip;
        if (at >= text.Length)
            return null;
        int start = at;
        foreach (string word in Fixed)
        {
            if (string.CompareOrdinal(text, at, word, 0, word.Length) == 0)
            {
                at += word.Length;
                return word;
            }
        }
        var kind = KindAt(text, at, out int length);
        at += length;
        if (kind != Kind.Number)
        {
            while (at < text.Length && KindAt(text, at, out length) == kind)
                at += length;
        }
        return text[start..at];
    }

    private static Kind KindAt(string text, int at, out int length)
    {
        if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out length) != System.Buffers.OperationStatus.Done)
            length = Math.Max(length, 1);
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
        };
    }
}
