using System.Collections.Frozen;

namespace ExecuSharp.Vision.Text.Repair;

/// <summary>Recognises characters that stand for lead and continuation bytes of UTF-8 in the Latin-1-like encodings.</summary>
internal static class Utf8Shapes
{
    [Flags]
    private enum Role
    {
        None = 0,
        Lead2 = 1,
        Lead3 = 2,
        Lead4 = 4,
        Continuation = 8,
        /// <summary>A continuation that does not usually stand for itself.</summary>
        Strict = 16,
    }

    // Quotes, dashes, ellipsis and bullet often stand for themselves.
    private const string Ordinary = " –—―‘’‚“”„•…";

    private static readonly FrozenDictionary<char, Role> Roles = Build();

    /// <summary>Characters from <paramref name="at"/> that look like one or more UTF-8 sequences; 0 if none, or if it would begin inside of one.</summary>
    public static int RunLength(string text, int at)
    {
        if (at > 0 && (RoleOf(text, at - 1) & Role.Strict) != 0)
            return 0;
        int end = at;
        while (SequenceLength(text, end) is > 0 and int length)
            end += length;
        return end - at;
    }

    private static int SequenceLength(string text, int at)
    {
        var lead = RoleOf(text, at);
        for (int length = 2; length <= 4; length++)
        {
            if ((lead & (Role)(1 << (length - 2))) != 0 && Continues(text, at + 1, length - 1))
                return length;
        }
        return 0;
    }

    private static bool Continues(string text, int at, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if ((RoleOf(text, at + i) & Role.Continuation) == 0)
                return false;
        }
        return true;
    }

    private static Role RoleOf(string text, int at) => at < text.Length ? Roles.GetValueOrDefault(text[at]) : Role.None;

    private static FrozenDictionary<char, Role> Build()
    {
        var roles = new Dictionary<char, Role>();
        void Add(char c, Role role) => roles[c] = roles.GetValueOrDefault(c) | role;
        string[] pages =
        [
            CodePageData.Windows1252, CodePageData.Windows1251, CodePageData.Windows1250,
            CodePageData.Windows1253, CodePageData.Windows1254, CodePageData.Windows1257,
        ];
        for (int b = 0x80; b < 0xF8; b++)
        {
            foreach (char c in pages.Select(p => p[b - 0x80]).Append((char)b))
            {
                if (b < 0xC0)
                    Add(c, Ordinary.Contains(c) ? Role.Continuation : Role.Continuation | Role.Strict);
                else if (b is >= 0xC2 and < 0xE0)
                    Add(c, Role.Lead2);
                else if (b is >= 0xE0 and < 0xF0)
                    Add(c, Role.Lead3);
                else if (b is 0xF0 or 0xF3)
                    Add(c, Role.Lead4);
            }
        }
        Add(' ', Role.Continuation);
        return roles.ToFrozenDictionary();
    }
}
