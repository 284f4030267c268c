using System.Globalization;
using System.Xml.Linq;

namespace ExecuSharp.Tools.Coverage;

/// <summary>Which lines of which files ran, over several Cobertura reports.</summary>
internal sealed class CoveredLines
{
    private readonly Dictionary<(string Assembly, string File), SortedDictionary<int, bool>> lines = [];

    /// <summary>Reads reports; a line counts as run if it ran in one of them.</summary>
    public static CoveredLines Read(IEnumerable<string> reports)
    {
        var all = new CoveredLines();
        foreach (string report in reports)
            foreach (var package in XDocument.Load(report).Descendants("package"))
                foreach (var type in package.Descendants("class"))
                    all.Add((package.Attribute("name")!.Value, type.Attribute("filename")!.Value), type);
        return all;
    }

    /// <summary>The files of an assembly: name, lines, lines that ran, and the ranges that did not.</summary>
    public IEnumerable<(string Name, int Lines, int Covered, string Missing)> Files(string assembly) =>
        lines.Where(f => f.Key.Assembly == assembly).Select(f => (f.Key.File[(f.Key.File.IndexOf(assembly, StringComparison.Ordinal) + assembly.Length + 1)..], f.Value.Count, f.Value.Count(l => l.Value), Ranges(f.Value)));

    private static string Ranges(SortedDictionary<int, bool> file)
    {
        var ranges = new List<(int First, int Last)>();
        bool open = false;
        foreach (var (line, ran) in file)
        {
            if (!ran)
                if (open)
                    ranges[^1] = (ranges[^1].First, line);
                else
                    ranges.Add((line, line));
            open = !ran;
        }
        return string.Join(' ', ranges.Select(r => r.First == r.Last ? $"{r.First}" : $"{r.First}-{r.Last}"));
    }

    private void Add((string, string) file, XElement type)
    {
        if (!lines.TryGetValue(file, out var ran))
            lines.Add(file, ran = []);
        foreach (var line in type.Descendants("line"))
        {
            int number = int.Parse(line.Attribute("number")!.Value, CultureInfo.InvariantCulture);
            ran[number] = ran.GetValueOrDefault(number) || line.Attribute("hits")!.Value != "0";
        }
    }
}
