using System.Net;
using System.Text;
using ExecuSharp.Cli.Output;

namespace ExecuSharp.Cli.Pages;

/// <summary>A self-contained HTML page, light and dark, from the width of a phone on. Whatever is given as text is escaped.</summary>
internal sealed class HtmlPage
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --good: #2a7f3f; --bad: #c0392b; --bar: #4a7dd0; }
        @media (prefers-color-scheme: dark) { :root { --good: #5fbf78; --bad: #ff7b6b; --bar: #7aa7ee; } }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1100px; padding: 0 1rem; }
        h1 { margin-bottom: .2rem; } h2 { margin-top: 2.2rem; } h1, h2, h3, p { overflow-wrap: anywhere; }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: .8rem; margin: 1.2rem 0; }
        .fact { border: 1px solid var(--line); border-radius: 8px; padding: .6rem .75rem; }
        .fact b { display: block; font-size: 1.25rem; line-height: 1.25; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; min-width: min(100%, 28rem); } td, th { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
        td:first-child, th:first-child { padding-left: 0; } td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        th { font-weight: 600; white-space: nowrap; }
        .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; } .small { font-size: .85rem; opacity: .8; }
        a { color: inherit; }
        @media (max-width: 600px) { body { margin: 1rem auto; } .facts { grid-template-columns: 1fr 1fr; gap: .5rem; } .fact { padding: .5rem .6rem; } .fact b { font-size: 1.05rem; } table { font-size: .8rem; } td, th { padding: .3rem .25rem; } th, th.number { white-space: normal; } td:not(.number) { overflow-wrap: anywhere; min-width: 4.5rem; } }
        """;

    private readonly StringBuilder page = new();

    /// <summary>Begins a page.</summary>
    /// <param name="title">Title.</param>
    /// <param name="style">Style sheet of what only this page has.</param>
    public HtmlPage(string title, string style = "") => page
        .Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>")
        .Append(Text(title)).Append("</title><style>").Append(Style).Append(style).Append("</style></head><body>");

    /// <summary>Text as HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Text in the colour of what is right or wrong, as HTML.</summary>
    public static string Verdict(bool good, string text) => $"<span class=\"{(good ? "good" : "bad")}\">{Text(text)}</span>";

    /// <summary>Adds HTML as it is.</summary>
    public HtmlPage Html(string html)
    {
        page.Append(html);
        return this;
    }

    /// <summary>Adds a heading, the target of links to <c>#id</c> if it has one.</summary>
    public HtmlPage Heading(int level, string text, string? id = null) =>
        Html($"<h{level}{(id is null ? "" : $" id=\"{Text(id)}\"")}>{Text(text)}</h{level}>");

    /// <summary>Adds a paragraph.</summary>
    public HtmlPage Paragraph(string text, string? style = null) => Html($"<p{(style is null ? "" : $" class=\"{style}\"")}>{Text(text)}</p>");

    /// <summary>Adds boxes, each with a value and what it is.</summary>
    public HtmlPage Facts(params IEnumerable<(string Name, string Value)> facts)
    {
        Html("<div class=\"facts\">");
        foreach (var (name, value) in facts)
            Html($"<div class=\"fact\"><b>{Text(value)}</b>{Text(name)}</div>");
        return Html("</div>");
    }

    /// <summary>Adds a table of texts; columns of numbers are right-aligned.</summary>
    public HtmlPage Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        var texts = rows.ToList();
        return Table(headers, texts, texts.Select(r => (IReadOnlyList<string>)[.. r.Select(Text)]));
    }

    /// <summary>Adds a table whose cells are HTML.</summary>
    /// <param name="headers">Headers, as text.</param>
    /// <param name="texts">What the cells say, which tells the columns of numbers.</param>
    /// <param name="cells">The cells as HTML.</param>
    public HtmlPage Table(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> texts, IEnumerable<IReadOnlyList<string>> cells)
    {
        string[] styles = [.. headers.Select((_, c) => c > 0 && Columns.IsNumeric(texts, c) ? " class=\"number\"" : "")];
        Html("<div class=\"wide\"><table><thead><tr>").Html(string.Concat(headers.Select((h, c) => $"<th{styles[c]}>{Text(h)}</th>"))).Html("</tr></thead><tbody>");
        foreach (var row in cells)
            Html("<tr>").Html(string.Concat(row.Select((cell, c) => $"<td{styles[c]}>{cell}</td>"))).Html("</tr>");
        return Html("</tbody></table></div>");
    }

    /// <summary>The finished page.</summary>
    public string End() => page.Append("</body></html>").ToString();
}
