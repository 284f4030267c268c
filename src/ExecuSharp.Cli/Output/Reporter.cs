using System.Text.Json.Nodes;
using Spectre.Console;

namespace ExecuSharp.Cli.Output;

/// <summary>Data goes to stdout as text or JSON; progress and messages go to stderr. Colour and moving progress only on a terminal.</summary>
internal sealed class Reporter : IProgress<string>
{
    private readonly bool json;
    private readonly bool quiet;
    private readonly IAnsiConsole console;
    private readonly bool live = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("CI") is null;

    public Reporter(bool json, bool quiet)
    {
        this.json = json;
        this.quiet = quiet;
        bool plain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is not null || Environment.GetEnvironmentVariable("CI") is not null;
        console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        if (Console.IsOutputRedirected)
            console.Profile.Width = 160;
    }

    /// <summary>True if the result is wanted as JSON.</summary>
    public bool IsJson => json;

    /// <summary>Columns that a line of text has: 80 where the output is no terminal.</summary>
    public int Width => Console.IsOutputRedirected ? 80 : Math.Clamp(console.Profile.Width, 32, 120);

    /// <summary>True if progress is one line on a terminal that is written over.</summary>
    public bool IsLive => live;

    /// <summary>Says what is going on.</summary>
    public void Report(string value)
    {
        if (quiet)
            return;
        if (live)
            Console.Error.Write($"\r\u001b[2K{Shorten(value)}");
        else
            Console.Error.WriteLine(value);
    }

    /// <summary>Steps within what <paramref name="task"/> names. They are seen where progress is written over; a log has a line for each task only.</summary>
    public IProgress<string>? Steps(string task) => live && !quiet ? new Within(this, task) : null;

    /// <summary>Removes the progress line.</summary>
    public void Clear()
    {
        if (live && !quiet)
            Console.Error.Write("\r\u001b[2K");
    }

    /// <summary>Writes the result: the document as JSON, or the text.</summary>
    public void Result(string verb, JsonObject document, Action<Reporter> text)
    {
        Clear();
        if (json)
        {
            var ordered = new JsonObject { ["schema"] = $"execusharp.{verb}/1" };
            foreach (var (key, value) in document.ToList())
            {
                document.Remove(key);
                ordered[key] = value;
            }
            Console.Out.WriteLine(ordered.ToJsonString(JsonText.Indented));
        }
        else
        {
            text(this);
        }
    }

    /// <summary>A line of text.</summary>
    public void Line(string text = "") => Console.Out.WriteLine(text);

    /// <summary>A table; the first column is left-aligned, the others right. One that is wider than the terminal has its long cells on lines of their own.</summary>
    public void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows, bool alignRight = true)
    {
        rows = rows.ToList();
        // The simple border has three columns of space between cells and two on both sides.
        if (headers.Select((h, c) => rows.Select(r => r[c].Length).Append(h.Length).Max() + 3).Sum() + 1 > console.Profile.Width)
        {
            Columns.Write(this, headers, rows);
            return;
        }
        var table = new Table { Border = TableBorder.Simple };
        for (int i = 0; i < headers.Count; i++)
            table.AddColumn(new TableColumn(Markup.Escape(headers[i])) { Alignment = i > 0 && alignRight ? Justify.Right : Justify.Left });
        foreach (var row in rows)
            table.AddRow(row.Select(Markup.Escape).ToArray());
        console.Write(table);
    }

    private sealed class Within(Reporter reporter, string task) : IProgress<string>
    {
        public void Report(string value) => reporter.Report($"{task}: {value}");
    }

    private static string Shorten(string text)
    {
        int width = Console.IsErrorRedirected ? 80 : Math.Max(20, Console.WindowWidth - 1);
        return text.Length <= width ? text : text[..(width - 1)] + "…";
    }
}
