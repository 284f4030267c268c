using System.Globalization;
using System.Text;

namespace ExecuSharp.Vision.Text.Unicode;

/// <summary>
/// Normalization form C (Unicode 3.11). .NET leaves text as it is when an application runs in invariant globalization mode, so the tables are here.
/// </summary>
internal static class CanonicalComposition
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28;

    private static readonly Dictionary<int, (int First, int Second)> Decompositions = ReadDecompositions();
    private static readonly Dictionary<int, byte> Classes = ReadClasses();
    private static readonly Dictionary<(int, int), int> Compositions = ReadCompositions();

    public static string Normalize(string text)
    {
        // Everything below U+0300 is composed and inert.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF'))
            return text;
        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, runes);
        Reorder(runes);
        Compose(runes);
        var result = new StringBuilder(text.Length);
        foreach (int rune in runes)
            result.Append(new Rune(rune).ToString());
        return result.ToString();
    }

    private static void Decompose(int rune, List<int> into)
    {
        int syllable = rune - HangulBase;
        if (syllable is >= 0 and < Leads * Vowels * Trails)
        {
            into.Add(LeadBase + syllable / (Vowels * Trails));
            into.Add(VowelBase + syllable / Trails % Vowels);
            if (syllable % Trails != 0)
                into.Add(TrailBase + syllable % Trails);
        }
        else if (Decompositions.TryGetValue(rune, out var parts))
        {
            Decompose(parts.First, into);
            if (parts.Second != 0)
                Decompose(parts.Second, into);
        }
        else
        {
            into.Add(rune);
        }
    }

    private static int ClassOf(int rune) => Classes.GetValueOrDefault(rune);

    // Marks between two starters are sorted by class, keeping the order of equals.
    private static void Reorder(List<int> runes)
    {
        for (int start = 0; start < runes.Count;)
        {
            if (ClassOf(runes[start]) == 0)
            {
                start++;
                continue;
            }
            int end = start;
            while (end < runes.Count && ClassOf(runes[end]) != 0)
                end++;
            var sorted = runes.GetRange(start, end - start).OrderBy(ClassOf).ToList();
            for (int i = start; i < end; i++)
                runes[i] = sorted[i - start];
            start = end;
        }
    }

    private static void Compose(List<int> runes)
    {
        int starter = -1, kept = 0, lastClass = 0;
        for (int i = 0; i < runes.Count; i++)
        {
            int rune = runes[i], mark = ClassOf(rune);
            // Blocked if a mark of the same or a higher class, or another starter, stands between.
            bool adjacent = starter >= 0 && kept - 1 == starter;
            if (starter >= 0 && (adjacent || (lastClass != 0 && lastClass < mark)) && Pair(runes[starter], rune) is int composed and > 0)
            {
                runes[starter] = composed;
                continue;
            }
            if (mark == 0)
                starter = kept;
            lastClass = mark;
            runes[kept++] = rune;
        }
        runes.RemoveRange(kept, runes.Count - kept);
    }

    private static int Pair(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
            return HangulBase + ((first - LeadBase) * Vowels + second - VowelBase) * Trails;
        int syllable = first - HangulBase;
        if (syllable is >= 0 and < Leads * Vowels * Trails && syllable % Trails == 0 && second is > TrailBase and < TrailBase + Trails)
            return first + second - TrailBase;
        return Compositions.GetValueOrDefault((first, second));
    }

    private static IEnumerable<string> Items(ReadOnlySpan<byte> data) =>
        Encoding.ASCII.GetString(data).Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static Dictionary<int, (int, int)> ReadDecompositions()
    {
        var result = new Dictionary<int, (int, int)>();
        foreach (string item in Items(NormalizationData.Decompositions))
        {
            string[] parts = item.Split('=', '+');
            result[Hex(parts[0])] = (Hex(parts[1]), parts.Length > 2 ? Hex(parts[2]) : 0);
        }
        return result;
    }

    private static Dictionary<int, byte> ReadClasses()
    {
        var result = new Dictionary<int, byte>();
        foreach (string item in Items(NormalizationData.CombiningClasses))
        {
            string[] parts = item.Split('=', '-');
            for (int rune = Hex(parts[0]); rune <= Hex(parts[^2]); rune++)
                result[rune] = byte.Parse(parts[^1], CultureInfo.InvariantCulture);
        }
        return result;
    }

    private static Dictionary<(int, int), int> ReadCompositions()
    {
        var excluded = Items(NormalizationData.CompositionExclusions).Select(Hex).ToHashSet();
        return Decompositions.Where(d => d.Value.Second != 0 && !excluded.Contains(d.Key)).ToDictionary(d => d.Value, d => d.Key);
    }
}
