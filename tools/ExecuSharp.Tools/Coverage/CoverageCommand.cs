using System.Diagnostics;
using System.Globalization;

namespace ExecuSharp.Tools.Coverage;

/// <summary>Runs the tests under coverlet and prints how many lines they run.</summary>
internal static class CoverageCommand
{
    private static readonly string[] Assemblies = ["ExecuSharp.Formats", "ExecuSharp.Operators", "ExecuSharp.Runtime"];

    /// <summary>Runs Unit and Conformance tests, and prints the coverage of each assembly and of its least covered files.</summary>
    public static int Run()
    {
        string results = Directory.CreateTempSubdirectory("coverage").FullName;
        foreach (string project in new[] { "Unit", "Conformance" })
            if (Test(Repository.File("tests", project), results) is not 0 and var code)
                return code;
        return Print(results);
    }

    /// <summary>Prints the coverage in the <c>coverage.cobertura.xml</c> files below a folder.</summary>
    public static int Print(string results)
    {
        var lines = CoveredLines.Read(Directory.EnumerateFiles(results, "coverage.cobertura.xml", SearchOption.AllDirectories));
        foreach (string assembly in Assemblies)
        {
            var files = lines.Files(assembly).OrderByDescending(f => f.Lines - f.Covered).ToList();
            Console.WriteLine($"{assembly,-20} {Percent(files.Sum(f => f.Covered), files.Sum(f => f.Lines))} of {files.Sum(f => f.Lines)} lines");
            foreach (var file in files.Where(f => f.Covered < f.Lines).Take(20))
                Console.WriteLine($"  {Percent(file.Covered, file.Lines)} {file.Lines - file.Covered,5} not run  {file.Name}: {file.Missing}");
        }
        return 0;
    }

    private static int Test(string project, string results)
    {
        var start = new ProcessStartInfo("dotnet");
        foreach (string arg in new[] { "test", project, "-c", "Release", "--collect", "XPlat Code Coverage", "--results-directory", results, "--settings", Repository.File("tools", "ExecuSharp.Tools", "Coverage", "coverage.runsettings") })
            start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static string Percent(int part, int all) => (all == 0 ? 1 : (double)part / all).ToString("P1", CultureInfo.InvariantCulture).PadLeft(7);
}
