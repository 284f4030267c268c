using System.Text;
using ExecuSharp.Import.Onnx;

namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>docs/onnx.md: the table of operators as the importer has it, and the cases that it names as not passed.</summary>
public static class OnnxDocument
{
    /// <summary>The document's path.</summary>
    public static string Path => System.IO.Path.Combine(Corpus.Folder, "..", "..", "docs", "onnx.md");

    /// <summary>The operators as the document must list them.</summary>
    public static string OperatorTable()
    {
        var text = new StringBuilder();
        foreach (var domain in OnnxImporter.Operators.GroupBy(o => o.Domain))
        {
            text.Append($"### {(domain.Key.Length == 0 ? "ai.onnx" : domain.Key)}\n\n| operator | from opset | changes at |\n|---|---|---|\n");
            foreach (var o in domain)
                text.Append($"| {o.Name} | {o.Versions[0]} | {string.Join(", ", o.Versions.Skip(1))} |\n");
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>The cases in the table of those that are not passed.</summary>
    public static HashSet<string> NotPassed() => Cases("not passed");

    /// <summary>The cases in the table of those that differ as programs.</summary>
    public static HashSet<string> DifferAsPrograms() => Cases("Programs that differ");

    private static HashSet<string> Cases(string heading)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        bool inside = false;
        foreach (string line in File.ReadLines(Path))
        {
            if (line.StartsWith('#'))
                inside = line.Contains(heading, StringComparison.Ordinal);
            if (inside && line.StartsWith("| `", StringComparison.Ordinal))
                names.Add(line.Split('`')[1]);
        }
        return names;
    }
}
