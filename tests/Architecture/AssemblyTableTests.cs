using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ExecuSharp.Tests.Architecture;

/// <summary>The table of ARCHITECTURE.md is what the project files say.</summary>
public sealed partial class AssemblyTableTests
{
    [Fact]
    public void Every_assembly_references_only_what_its_row_names()
    {
        var table = Table();
        Assert.NotEmpty(table);
        var projects = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).ToDictionary(p => Path.GetFileNameWithoutExtension(p)!, References);
        Assert.Equal(table.Keys.Order(StringComparer.Ordinal), projects.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, references) in projects)
            Assert.Equal((name, string.Join(", ", table[name].Order(StringComparer.Ordinal))), (name, string.Join(", ", references.Order(StringComparer.Ordinal))));
    }

    [Fact]
    public void No_assembly_references_one_of_its_own_or_a_higher_layer()
    {
        var layers = Layers();
        foreach (var (name, references) in Table())
            foreach (string reference in references)
                Assert.True(layers[reference] < layers[name] || (name == "ExecuSharp.Imaging" && reference == "ExecuSharp.Kernels") || (layers[reference] == layers[name] && SameLayerIsAllowed(name, reference)), $"{name} references {reference}");
    }

    [Fact]
    public void Source_files_have_no_unfinished_places_and_no_machine_paths()
    {
        foreach (string file in Repository.SourceFiles("src"))
        {
            string text = File.ReadAllText(file);
            foreach (string word in new[] { "NotImplementedException", "TODO", "FIXME", "System.Reflection;" })
                Assert.False(text.Contains(word, StringComparison.Ordinal), $"{file} has {word}");
        }
    }

    private static bool SameLayerIsAllowed(string name, string reference) => (name, reference) is ("ExecuSharp.Imaging", "ExecuSharp.Kernels");

    private static List<string> References(string project) => [.. XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))];

    private static Dictionary<string, List<string>> Table() => Rows().ToDictionary(r => r.Name, r => r.References);

    private static Dictionary<string, int> Layers() => Rows().ToDictionary(r => r.Name, r => r.Layer);

    private static IEnumerable<(int Layer, string Name, List<string> References)> Rows()
    {
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "ARCHITECTURE.md")))
            if (Row().Match(line) is { Success: true } row)
                yield return (int.Parse(row.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), row.Groups[2].Value,
                    [.. row.Groups[3].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(r => r != "–").Select(r => r == "face" ? "ExecuSharp" : "ExecuSharp." + r)]);
    }

    [GeneratedRegex(@"^\| (\d) \| `(ExecuSharp[.\w]*)` \|.*\| ([^|]*) \|$")]
    private static partial Regex Row();
}
