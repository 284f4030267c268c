using ExecuSharp.Cli.Output;
using ExecuSharp.Conversion;
using ExecuSharp.Inspection;

namespace ExecuSharp.Cli.Pages;

/// <summary>One converted program, or one method of several in a file, on a page.</summary>
internal static class ProgramSection
{
    /// <summary>Adds a program; its file is read again for delegates, memory and releases.</summary>
    public static void Write(HtmlPage page, ProgramReport program)
    {
        using var opened = Runtime.Program.Load(program.Path);
        var inspection = ProgramInspection.Of(opened.Records);
        var method = inspection.Methods.FirstOrDefault(m => m.Name == program.Name) ?? inspection.Methods[0];
        page.Heading(3, Path.GetFileName(program.Path) + (inspection.Methods.Count > 1 ? $": {method.Name}" : ""))
            .Facts(
                ("lowest cosine", Units.Cosine(program.Comparison.Worst.Cosine)),
                (program.DataPath is null ? "program" : "program and weights", Units.Bytes(program.Bytes + program.DataBytes)),
                (Units.Text($"delegates, {Units.Count(program.DelegatedNodes, "operator")} in them"), Units.Text($"{program.Delegates}")),
                ("kernel calls", Units.Text($"{program.Operators.Values.Sum()}")),
                ("planned memory", Units.Bytes(program.PlannedBytes)),
                ("ExecuTorch", inspection.Releases.ToString()))
            .Html("<dl>");
        Entry(page, "file", program.Path);
        Entry(page, "SHA-256", program.Sha256);
        if (program.DataPath is not null)
            Entry(page, "weights", $"{program.DataPath} ({Units.Bytes(program.DataBytes)})");
        Entry(page, "size", $"{Units.Bytes(program.Bytes)}: constants {Units.Bytes(inspection.ConstantBytes)}, named data {Units.Bytes(inspection.NamedDataBytes)}, delegates {Units.Bytes(method.Delegates.Sum(d => d.Bytes))}");
        Entry(page, "memory", $"{Units.Bytes(method.Memory.PlannedBytes)} planned, {Units.Bytes(method.Memory.LiveBytes)} alive at most at once");
        foreach (var limit in inspection.Releases.Limits)
            Entry(page, "release", limit.ToString());
        page.Html("</dl>").Heading(4, "Outputs against the source").Outputs(program.Comparison);
        Delegates(page, method);
        if (program.Reasons.Count > 0)
            page.Html($"<details{(program.Reasons.Count <= 12 ? " open" : "")}><summary>{Units.Count(program.Reasons.Count, "operator")} outside the delegates</summary>")
                .Table(["values", "why"], ConversionText.Outside(program).Select(o => (IReadOnlyList<string>)[o.Names, o.Why])).Html("</details>");
        if (method.Operators.Count > 0)
            page.Heading(4, "Kernel calls").Table(["operator", "calls"], method.Operators.Select(o => (IReadOnlyList<string>)[o.Key, Units.Text($"{o.Calls}")]));
        if (program.Layers.Count > 0)
            page.Heading(4, "Gap by operator").Layers(program.Layers);
    }

    private static void Entry(HtmlPage page, string name, string value) => page.Html($"<dt>{HtmlPage.Text(name)}</dt><dd>{HtmlPage.Text(value)}</dd>");

    private static void Delegates(HtmlPage page, MethodInspection method)
    {
        if (method.Delegates.Count > 0)
            page.Heading(4, "Delegates").Table(["delegate", "backend", "size", "nodes", "operators"], method.Delegates.Select(d => (IReadOnlyList<string>)[
                Units.Text($"{d.Index}"), d.Backend, Units.Bytes(d.Bytes), Units.Text($"{d.Nodes.Count}"), d.Kinds,
            ]));
    }
}
