using System.Text;
using System.Text.RegularExpressions;

namespace ExecuSharp.Vision.Text.Repair;

/// <summary>Turns bytes that a single-byte encoding gives back into the UTF-8 text that they were.</summary>
internal static partial class Utf8Repair
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text, or null if the bytes are no UTF-8 even after the usual losses are made good.</summary>
    public static string? Decode(byte[] bytes, SingleByteEncoding encoding)
    {
        // One character a byte, so that patterns can be written over bytes.
        string data = Encoding.Latin1.GetString(bytes);
        if (!encoding.IsMacRoman)
            data = RestoreNoBreakSpaces(data);
        if (encoding.IsSloppy)
            data = Lost().Replace(data, "\u00EF\u00BF\u00BD");
        // Surrogates coded one by one (CESU-8), and Java's U+0000.
        data = Surrogates().Replace(data, m => JoinSurrogates(m.Value)).Replace("\u00C0\u0080", "\0", StringComparison.Ordinal);
        try
        {
            return Strict.GetString(Encoding.Latin1.GetBytes(data));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // A0 may have become a space. A lone "à" keeps the space after it, but for the beginnings of some Portuguese words.
    private static string RestoreNoBreakSpaces(string data)
    {
        if (!SpaceInSequence().IsMatch(data))
            return data;
        data = GraveWord().Replace(data, "\u00C3\u00A0 ");
        return SpaceInSequence().Replace(data, m => m.Value.Replace(' ', '\u00A0'));
    }

    private static string JoinSurrogates(string six)
    {
        int high = ((six[1] & 0x0F) << 6) | (six[2] & 0x3F), low = ((six[4] & 0x0F) << 6) | (six[5] & 0x3F);
        return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(new Rune(0x10000 + (high << 10) + low).ToString()));
    }

    [GeneratedRegex("[ÂÃÅÎÐÙ] |[âã] [\x80-\x84\x86-\x9f\xa1-\xbf]|[à-ã][\x80-\x84\x86-\x9f\xa1-\xbf] |ð(?: [\x80-\xbf]{2}|[\x80-\xbf] [\x80-\xbf]|[\x80-\xbf]{2} )")]
    private static partial Regex SpaceInSequence();

    [GeneratedRegex("Ã (?! |quele|quela|quilo|s )")]
    private static partial Regex GraveWord();

    // Sequences in which 1A, or one question mark, stands for a byte that is gone; then any other 1A.
    [GeneratedRegex("[Â-ß]\x1a|[ÂÃ]\\?"
        + "|í[\xa0-\xaf][\x1a?]í[\xb0-\xbf][\x1a?\x80-\xbf]|í[\xa0-\xaf][\x1a?\x80-\xbf]í[\xb0-\xbf][\x1a?]"
        + "|[à-ï](?:[\x1a?][\x1a\x80-\xbf]|[\x1a\x80-\xbf][\x1a?])"
        + "|[ð-ô](?:[\x1a?][\x1a\x80-\xbf]{2}|[\x1a\x80-\xbf][\x1a?][\x1a\x80-\xbf]|[\x1a\x80-\xbf]{2}[\x1a?])|\x1a")]
    private static partial Regex Lost();

    [GeneratedRegex("í[\xa0-\xaf][\x80-\xbf]í[\xb0-\xbf][\x80-\xbf]")]
    private static partial Regex Surrogates();
}
