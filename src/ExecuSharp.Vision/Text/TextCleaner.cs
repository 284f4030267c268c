using System.Text;
using ExecuSharp.Vision.Text.Html;
using ExecuSharp.Vision.Text.Repair;
using ExecuSharp.Vision.Text.Unicode;

namespace ExecuSharp.Vision.Text;

/// <summary>open_clip's "lower" cleaning: repair, HTML references twice, white space, lower case.</summary>
internal static class TextCleaner
{
    public static string Clean(string text)
    {
        text = TextRepair.Fix(text);
        text = HtmlReferences.Unescape(HtmlReferences.Unescape(text));
        return LowerCase.Convert(CollapseSpace(text));
    }

    // White space as Python's str.split: Unicode's, and the separators 1C to 1F.
    private static string CollapseSpace(string text)
    {
        var result = new StringBuilder(text.Length);
        bool pending = false;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c) || c is >= '\x1C' and <= '\x1F')
            {
                pending = result.Length > 0;
                continue;
            }
            if (pending)
                result.Append(' ');
            pending = false;
            result.Append(c);
        }
        return result.ToString();
    }
}
