namespace ExecuSharp.Cli.Output;

/// <summary>Tables and sentences within the terminal's columns: what does not fit has lines of its own.</summary>
internal static class Columns
{
    private const int Indent = 2, FurtherIndent = 4;

    /// <summary>
    /// Writes rows under headers; columns of numbers are right-aligned. A long first cell has a line of its own. Where the other cells have no room
    /// beside each other, each row is a list of headers and cells.
    /// </summary>
    public static void Write(Reporter reporter, IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> lines = [headers, .. rows];
        int[] widths = [.. Enumerable.Range(0, headers.Count).Select(c => lines.Max(l => l[c].Length))];
        int others = widths.Skip(1).Sum(w => w + 2);
        if (Indent + others > reporter.Width)
        {
            Lists(reporter, lines);
            return;
        }
        bool[] numeric = [.. Enumerable.Range(0, headers.Count).Select(c => IsNumeric(lines[1..], c))];
        int first = Math.Min(Math.Max(0, reporter.Width - Indent - others), widths[0]);
        foreach (var line in lines)
        {
            string label = line[0];
            if (label.Length > first)
            {
                foreach (string part in Wrap(label, reporter.Width - Indent))
                    reporter.Line(new string(' ', Indent) + part);
                label = "";
            }
            string cells = string.Concat(Enumerable.Range(1, line.Count - 1).Select(c => "  " + (numeric[c] ? line[c].PadLeft(widths[c]) : line[c].PadRight(widths[c]))));
            reporter.Line((new string(' ', Indent) + label.PadRight(first) + cells).TrimEnd());
        }
    }

    /// <summary>True for a column of numbers: they begin with a digit or a minus sign, and cells of words (<c>equal</c>) have no digit.</summary>
    public static bool IsNumeric(IReadOnlyList<IReadOnlyList<string>> rows, int column) =>
        rows.Any(r => IsNumber(r[column])) && rows.All(r => IsNumber(r[column]) || !r[column].Any(char.IsAsciiDigit));

    private static bool IsNumber(string cell) => cell is [>= '0' and <= '9' or '-', ..];

    /// <summary>Writes a text in lines that fit, broken at spaces; later lines are indented more.</summary>
    public static void Text(Reporter reporter, string text, int indent = 0)
    {
        int further = indent;
        foreach (string part in Wrap(text, reporter.Width - indent, FurtherIndent))
        {
            reporter.Line(new string(' ', further) + part);
            further = indent + FurtherIndent;
        }
    }

    private static void Lists(Reporter reporter, List<IReadOnlyList<string>> lines)
    {
        var headers = lines[0];
        Text(reporter, headers[0], Indent);
        foreach (var line in lines.Skip(1))
        {
            Text(reporter, line[0], Indent);
            foreach (string part in Packed([.. Enumerable.Range(1, headers.Count - 1).Where(c => line[c].Length > 0).Select(c => $"{headers[c]} {line[c]}")], reporter.Width - (2 * Indent)))
                Text(reporter, part, 2 * Indent);
        }
    }

    private static IEnumerable<string> Packed(IEnumerable<string> items, int width)
    {
        string line = "";
        foreach (string item in items)
        {
            if (line.Length > 0 && line.Length + 2 + item.Length > width)
            {
                yield return line;
                line = "";
            }
            line += line.Length == 0 ? item : ", " + item;
        }
        yield return line;
    }

    private static IEnumerable<string> Wrap(string text, int width, int further = 0)
    {
        foreach (string line in text.Split('\n'))
        {
            string rest = line;
            while (rest.Length > width)
            {
                int at = rest.LastIndexOf(' ', width);
                if (at <= 0)
                    at = rest.IndexOf(' ', width);
                if (at <= 0)
                    break;
                yield return rest[..at];
                rest = rest[(at + 1)..];
                (width, further) = (width - further, 0);
            }
            yield return rest;
            (width, further) = (width - further, 0);
        }
    }
}
