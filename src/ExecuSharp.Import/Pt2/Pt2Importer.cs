using ExecuSharp.Core;
using ExecuSharp.Formats.Pt2;
using ExecuSharp.Graphs;

namespace ExecuSharp.Import.Pt2;

/// <summary>Programs of torch.export (<c>.pt2</c>) as graphs.</summary>
public static class Pt2Importer
{
    /// <summary>Imports the only program of a file. The graph's constants stay mapped as long as it lives.</summary>
    /// <exception cref="ModelFormatException">The file is broken.</exception>
    /// <exception cref="UnsupportedModelException">Operators that cannot be imported, all of them.</exception>
    public static Graph Import(string path, Pt2ImportOptions? options = null)
    {
        var archive = Pt2Archive.Open(path);
        try
        {
            return Import(archive.Model, options);
        }
        catch (ModelFormatException e)
        {
            throw e.In(path);
        }
    }

    /// <summary>Imports a program that was read.</summary>
    /// <exception cref="ModelFormatException">The program is inconsistent.</exception>
    /// <exception cref="UnsupportedModelException">Operators that cannot be imported, all of them.</exception>
    public static Graph Import(Pt2Model model, Pt2ImportOptions? options = null)
    {
        options ??= new Pt2ImportOptions();
        var problems = new List<UnsupportedItem>();
        var graph = new ProgramImporter(model, options, problems).Import();
        return problems.Count == 0 ? Rewriter.RemoveDeadCode(graph) : throw new UnsupportedModelException(options.MethodName, Grouped(problems));
    }

    private static UnsupportedItem[] Grouped(List<UnsupportedItem> problems) =>
        [.. problems.GroupBy(p => (p.What, p.Why)).Select(g => new UnsupportedItem(g.Key.What, string.Join(", ", g.Select(p => p.Where).Distinct()), g.Key.Why))];
}
