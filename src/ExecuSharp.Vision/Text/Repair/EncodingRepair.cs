using System.Text;

namespace ExecuSharp.Vision.Text.Repair;

/// <summary>Repairs UTF-8 text that was decoded with a single-byte encoding, as often as it was.</summary>
internal static class EncodingRepair
{
    public static string Fix(string text)
    {
        while (true)
        {
            string next = Step(text);
            if (next == text)
                return text;
            text = next;
        }
    }

    private static string Step(string text)
    {
        if (Ascii.IsValid(text) || !MojibakeDetector.IsSuspicious(text))
            return text;
        foreach (var encoding in SingleByteEncoding.All)
        {
            if (encoding.Encode(text) is { } bytes && Utf8Repair.Decode(bytes, encoding) is { } whole)
                return whole;
        }
        string parts = FixParts(text);
        return parts != text ? parts : FixControls(text);
    }

    // Sequences that look like UTF-8 are repaired by themselves where the whole text cannot be.
    private static string FixParts(string text)
    {
        var result = new StringBuilder(text.Length);
        int at = 0;
        while (at < text.Length)
        {
            int length = Utf8Shapes.RunLength(text, at);
            string part = text.Substring(at, Math.Max(length, 1));
            result.Append(length > 0 && length < text.Length && MojibakeDetector.IsSuspicious(part) ? Fix(part) : part);
            at += part.Length;
        }
        return result.ToString();
    }

    /// <summary>C1 controls are meant as the characters of Windows-1252.</summary>
    public static string FixControls(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\x80', '\x9F'))
            return text;
        return string.Create(text.Length, text, (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = source[i] is >= '\x80' and <= '\x9F' ? CodePageData.Windows1252[source[i] - 0x80] : source[i];
        });
    }
}
