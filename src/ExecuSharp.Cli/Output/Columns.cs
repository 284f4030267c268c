namespace ExecuSharp.Cli.Output;

/// <summary>A table for a terminal of 80 columns: a long first cell has a line of its own.</summary>
internal static class Columns
{
    private const int Width = 80;
    private const int Indent = 2;

    /// <summary>Writes rows under headers; columns of numbers are right-aligned.</summary>
    public static void Write(Reporter reporter, IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> lines = [headers, .. rows];
        int[] widths = [.. Enumerable.Range(0, headers.Count).Select(c => lines.Max(l => l[c].Length))];
        bool[] numeric = [.. Enumerable.Range(0, headers.Count).Select(c => lines.Skip(1).All(l => l[c] is [>= '0' and <= '9' or '-', ..]))];
        int room = Math.Max(8, Width - Indent - widths.Skip(1).Sum(w => w + 2));
        int first = Math.Min(room, widths[0]);
        foreach (var line in lines)
        {
            string label = line[0];
            if (label.Length > first)
            {
                foreach (string part in Wrap(label))
                    reporter.Line(new string(' ', Indent) + part);
                label = "";
            }
            string cells = string.Concat(Enumerable.Range(1, line.Count - 1).Select(c => "  " + (numeric[c] ? line[c].PadLeft(widths[c]) : line[c].PadRight(widths[c]))));
            reporter.Line((new string(' ', Indent) + label.PadRight(first) + cells).TrimEnd());
        }
    }

    /// <summary>Writes a text in lines of at most 80 columns, broken at spaces; later lines are indented more.</summary>
    public static void Text(Reporter reporter, string text, int indent = 0)
    {
        int further = indent;
        foreach (string part in Wrap(text, Width - indent - 4))
        {
            reporter.Line(new string(' ', further) + part);
            further = indent + 4;
        }
    }

    private static IEnumerable<string> Wrap(string text, int width = Width - Indent)
    {
        while (text.Length > width)
        {
            int at = text.LastIndexOf(' ', width);
            if (at <= 0)
                at = text.IndexOf(' ', width);
            if (at <= 0)
                break;
            yield return text[..at];
            text = text[(at + 1)..];
        }
        yield return text;
    }
}
