using System.Diagnostics;

namespace ExecuSharp.Tests.System;

/// <summary>Runs the tool as a process, as a user would.</summary>
internal static class Tool
{
    public static string Samples { get; } = Path.Combine(AppContext.BaseDirectory, "demo");

    public static (int Code, string Output, string Error) Run(params string[] args) => RunAssembly("execusharp.dll", args);

    public static (int Code, string Output, string Error) RunAssembly(string assembly, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        foreach (string arg in args)
            start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    public static string TemporaryFolder() => Directory.CreateTempSubdirectory("execusharp").FullName;
}
